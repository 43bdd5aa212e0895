import { expect, test } from 'vitest';
import { statusText } from './status-line.ts';

test('a status line has what ffmpeg prints, and the time that is left', () => {
  expect(statusText({ frame: 12, frames: 48, fps: 6, time: 0.5, progress: 0.25, eta: 61.5 }, 2)).toBe(
    'frame=   12 fps=6.0 time=00:00:00.50 speed=0.250x 25% eta=00:01:01.50',
  );
});

test('what is unknown is left out', () => {
  expect(statusText({ frame: 1, fps: 0, time: 3600 }, 0)).toBe('frame=    1 fps=0.0 time=01:00:00.00');
});
