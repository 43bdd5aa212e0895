import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Progress } from '../../workers/pipeline-api.ts';
import { ProgressMeter } from './progress-meter.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function run(frames: number | undefined, count: number): Progress[] {
  const events: Progress[] = [];
  const meter = new ProgressMeter(frames, (progress) => events.push(progress));
  for (let frame = 0; frame < count; frame++) {
    meter.frameDone(frame / 25);
    vi.advanceTimersByTime(100);
  }
  meter.finish();
  return events;
}

test('frames, speed and time left follow from the frames that are done', () => {
  const events = run(20, 11);
  expect(events.map(({ frame }) => frame)).toEqual([1, 3, 5, 7, 9, 11, 11]);
  expect(events[0]).toMatchObject({ frame: 1, frames: 20, fps: 0, eta: undefined, progress: 0.05 });
  expect(events[5]).toMatchObject({ fps: 10, eta: 0.9, progress: 0.55, time: 0.4 });
});

test('the last event says that all is done', () => {
  expect(run(20, 3).at(-1)).toMatchObject({ frame: 3, frames: 3, progress: 1, eta: 0 });
});

test('an unknown length stays unknown; one that was too low grows', () => {
  expect(run(undefined, 3)[1]).toMatchObject({ frames: undefined, progress: undefined, eta: undefined });
  expect(run(2, 5)[2]).toMatchObject({ frame: 5, frames: 5, progress: 1 });
});

test('a pause counts neither for the rate nor for what is left', () => {
  const events: Progress[] = [];
  const meter = new ProgressMeter(20, (progress) => events.push(progress));
  for (let frame = 0; frame < 11; frame++) {
    if (frame === 5) {
      meter.pause();
      vi.advanceTimersByTime(60_000);
      meter.resume();
    }
    meter.frameDone(frame / 25);
    vi.advanceTimersByTime(100);
  }
  expect(events.at(-1)).toMatchObject({ frame: 11, fps: 10, eta: 0.9 });
});

test('the last event of a job that was stopped says what was reached', () => {
  const events: Progress[] = [];
  const meter = new ProgressMeter(20, (progress) => events.push(progress));
  for (let frame = 0; frame < 5; frame++) meter.frameDone(frame / 25);
  meter.stop();
  expect(events.at(-1)).toMatchObject({ frame: 5, frames: 20, progress: 0.25, time: 0.16 });
  expect(events.at(-1)).not.toHaveProperty('eta');
});
