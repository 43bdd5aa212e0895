import { describe, expect, test } from 'vitest';
import { TimelineHistory } from './timeline-history.ts';
import { timelineRectangles } from './timeline-rectangles.ts';

const lanes = [
  { kind: 'ffmpeg', label: 'decode' },
  { kind: 'dnn', label: 'dnn_processing 0, worker 0' },
] as const;

const span = (lane: number, start: number, end: number) => ({ lane, start, end, frames: 1 });

describe('TimelineHistory', () => {
  test('keeps the last ten seconds apart from the whole job', () => {
    const history = new TimelineHistory();
    history.add({ lanes, spans: [span(0, 0, 1000), span(1, 500, 2500)] });
    history.add({ lanes, spans: [span(0, 11_000, 12_000)] });
    expect(history.latest).toBe(12_000);
    expect(history.recent(0, 100).from).toBe(2000);
    expect(history.recent(0, 100).busyMs).toBeCloseTo(1000);
    // What reaches into the window is cut at its edge.
    expect(history.recent(1, 100).busyMs).toBeCloseTo(500);
    expect(history.whole(0).busyMs).toBeCloseTo(2000);
    history.clear();
    expect([history.lanes.length, history.latest, history.whole(0).busyMs]).toEqual([0, 0, 0]);
  });

  test('holds hours in the same number of pieces, with their work', () => {
    const history = new TimelineHistory();
    for (let start = 0; start < 7_200_000; start += 1000)
      history.add({ lanes, spans: [span(1, start, start + 250)] });
    const whole = history.whole(1);
    expect(whole.shares.length).toBe(2048);
    expect(whole.to).toBeGreaterThanOrEqual(history.latest);
    expect(whole.busyMs).toBeCloseTo(7200 * 250);
    expect(timelineRectangles(whole, 0, history.latest).length).toBeLessThanOrEqual(2048);
  });

  test('leaves work where it was, however long the job becomes', () => {
    const history = new TimelineHistory();
    history.add({ lanes, spans: [span(1, 1_800_000, 3_600_000)] });
    history.add({ lanes, spans: [span(1, 7_100_000, 7_200_000)] });
    const [first] = timelineRectangles(history.whole(1), 0, 7_200_000).filter(({ height }) => height === 1);
    expect(first?.x).toBeCloseTo(0.25, 2);
    expect(first?.width).toBeCloseTo(0.25, 2);
  });

  test('says of which lane it does not know', () => {
    expect(() => {
      new TimelineHistory().add({ lanes, spans: [span(2, 0, 1)] });
    }).toThrow('A span is of lane 2, of 2 lanes.');
  });
});
