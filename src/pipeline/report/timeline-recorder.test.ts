import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FileStore } from '../../media/file-store.ts';
import type { TimelineEvent, TimelineSpan } from '../../workers/pipeline-api.ts';
import { TimelineFile } from './timeline-file.ts';
import { TimelineRecorder, type WorkSpan } from './timeline-recorder.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function record(): { recorder: TimelineRecorder; events: TimelineEvent[]; spans: () => TimelineSpan[] } {
  const events: TimelineEvent[] = [];
  const recorder = new TimelineRecorder({ started: 1000, send: (event) => events.push(event) });
  return { recorder, events, spans: () => events.flatMap((event) => event.spans) };
}

describe('TimelineRecorder', () => {
  it('sends spans a few times a second, with the lanes that there are until then', async () => {
    const { recorder, events } = record();
    const decode = recorder.lane('ffmpeg', 'decode');
    decode.add({ start: 1010, end: 1020 }, 1);
    decode.add({ start: 1030, end: 1040 }, 1);
    vi.advanceTimersByTime(200);
    expect(events).toEqual([
      {
        lanes: [{ kind: 'ffmpeg', label: 'decode' }],
        spans: [{ lane: 0, start: 10, end: 20, frames: 1 }],
      },
    ]);
    recorder.lane('dnn', 'worker').add({ start: 1050, end: 1060 }, 2);
    await recorder.finish(true);
    expect(events.at(-1)?.lanes.map(({ label }) => label)).toEqual(['decode', 'worker']);
    expect(events.at(-1)?.spans).toEqual([
      { lane: 0, start: 30, end: 40, frames: 1 },
      { lane: 1, start: 50, end: 60, frames: 2 },
    ]);
    vi.advanceTimersByTime(1000);
    expect(events.length).toBe(2);
  });

  it('asks polled lanes at the end too', async () => {
    const { recorder, spans } = record();
    let told = 0;
    recorder.polledLane('ffmpeg', 'encode', () => [{ start: 1000 + 10 * told, end: 1005 + 10 * told++ }]);
    vi.advanceTimersByTime(150);
    await recorder.finish(true);
    expect(spans().map(({ start }) => start)).toEqual([0, 10]);
  });

  it('joins spans that touch, and loses no work', async () => {
    const lengths = fc.array(
      fc.record({
        gap: fc.double({ min: 0, max: 5, noNaN: true }),
        work: fc.double({ min: 0.1, max: 5, noNaN: true }),
      }),
      { minLength: 1, maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(lengths, async (steps) => {
        const { recorder, spans } = record();
        const lane = recorder.lane('dnn', 'worker');
        let at = 1000;
        const given: WorkSpan[] = [];
        for (const { gap, work } of steps) {
          given.push({ start: at + gap, end: at + gap + work });
          at += gap + work;
        }
        for (const span of given) lane.add(span, 1);
        await recorder.finish(true);
        const all = spans();
        expect(all.reduce((sum, { frames }) => sum + frames, 0)).toBe(given.length);
        for (const [index, { start, end }] of all.entries()) {
          expect(end).toBeGreaterThanOrEqual(start);
          if (index > 0) expect(start - all[index - 1]!.end).toBeGreaterThanOrEqual(0.99);
        }
        const work = given.reduce((sum, { start, end }) => sum + end - start, 0);
        const kept = all.reduce((sum, { start, end }) => sum + end - start, 0);
        expect(kept).toBeGreaterThanOrEqual(work - 0.1);
        expect(kept).toBeLessThanOrEqual(work + given.length);
      }),
    );
  });
});

describe('TimelineFile', () => {
  it('of an earlier command outlives one that fails before anything works', async () => {
    const store = new FileStore();
    store.putOutput('/t.json', new Blob(['earlier']));
    const recorder = () =>
      new TimelineRecorder({ started: 0, file: new TimelineFile('/t.json', store, undefined) });
    const failed = recorder();
    failed.lane('ffmpeg', 'decode');
    await failed.finish(false);
    expect(await store.blob('/t.json').text()).toBe('earlier');
    const cutShort = recorder();
    cutShort.lane('ffmpeg', 'decode').add({ start: 1, end: 2 }, 1);
    await cutShort.finish(false);
    expect(await store.blob('/t.json').text()).toContain('"work"');
  });

  it('is a document of the Trace Event format', async () => {
    const store = new FileStore();
    const recorder = new TimelineRecorder({
      started: 0,
      file: new TimelineFile('/t.json', store, undefined),
    });
    recorder.lane('ffmpeg', 'decode').add({ start: 1.5, end: 4 }, 3);
    await recorder.finish(true);
    const { traceEvents } = JSON.parse(await store.blob('/t.json').text()) as { traceEvents: object[] };
    expect(traceEvents[0]).toEqual({
      ...{ name: 'work', ph: 'X', pid: 1, tid: 1, ts: 1500, dur: 2500 },
      args: { frames: 3 },
    });
    expect(traceEvents).toContainEqual(
      expect.objectContaining({ name: 'thread_name', ph: 'M', tid: 1, args: { name: 'decode' } }),
    );
  });
});
