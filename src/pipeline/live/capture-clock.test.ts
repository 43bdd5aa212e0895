import { expect, test } from 'vitest';
import { CaptureClock } from './capture-clock.ts';

test('the frame that comes fastest counts as undelayed, the others by it', () => {
  const clock = new CaptureClock();
  // The source's clock is 700 ms behind; frames take 20, 5 and 30 ms.
  const capturedAt = [20, 5, 30].map((delay, i) => clock.capturedAt(1000 * (40 * i), 700 + 40 * i + delay));
  expect(capturedAt).toEqual([720, 745, 785]);
});

test('a clock that drifts is followed: what was fastest a while ago does not count any more', () => {
  const clock = new CaptureClock();
  clock.capturedAt(0, 1000);
  for (let now = 2000; now <= 30_000; now += 1000) clock.capturedAt(1000 * (now - 1000 - 50), now);
  expect(clock.capturedAt(1000 * (31_000 - 1050), 31_000)).toBe(31_000);
});
