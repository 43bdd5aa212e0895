import { expect, test } from 'vitest';
import { noStats } from '../workers/no-stats.ts';
import { clock, estimateText, progressText } from './progress-text.ts';

test('clock writes minutes and, where there are some, hours', () => {
  expect([0, 9.6, 65, 3725].map(clock)).toEqual(['0:00', '0:10', '1:05', '1:02:05']);
});

test('what is unknown is said to be unknown', () => {
  expect(progressText({ frame: 3, time: 0.1, fps: 12.345 })).toBe(
    'Frame 3, 12.3 frames/s, time left unknown',
  );
  expect(progressText({ frame: 3, frames: 9, time: 0.1, fps: 2, eta: 3 })).toBe(
    'Frame 3 of 9, 2.0 frames/s, 0:03 left',
  );
});

test('an estimate says what is known', () => {
  const trial = { frames: 3, secondsPerFrame: 0.25, peakBytes: 300 * 2 ** 20, stats: noStats };
  expect(estimateText({ ...trial, totalFrames: 520, totalSeconds: 130 })).toBe(
    'About 2:10 for 520 frames (250 ms a frame), 300 MiB.',
  );
  expect(estimateText(trial)).toBe('250 ms a frame, 300 MiB; the length is unknown.');
});
