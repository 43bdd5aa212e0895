import { expect, test } from 'vitest';
import { StatusLine, statusText } from './status-line.ts';

test('a status line has what ffmpeg prints, and the time that is left', () => {
  expect(statusText({ frame: 12, frames: 48, fps: 6, time: 0.5, progress: 0.25, eta: 61.5 }, 2)).toBe(
    'frame=   12 fps=6.0 time=00:00:00.50 speed=0.250x 25% eta=00:01:01.50',
  );
});

test('what is unknown is left out', () => {
  expect(statusText({ frame: 1, fps: 0, time: 3600 }, 0)).toBe('frame=    1 fps=0.0 time=01:00:00.00');
});

function linesOf(isTTY: boolean, use: (line: StatusLine) => void): string {
  let written = '';
  use(new StatusLine({ isTTY, write: (text: string | Uint8Array) => ((written += String(text)), true) }));
  return written;
}

test('the last status stands at the end, also where it came too soon to be shown', () => {
  const use = (line: StatusLine): void => {
    line.end();
    line.show('frame=    1');
    line.show('frame=   12');
    line.end();
    line.end();
  };
  expect(linesOf(false, use)).toBe('frame=    1\nframe=   12\n');
  expect(linesOf(true, use)).toBe('\rframe=    1\r           \rframe=   12\n');
});

test('what has been written as a line is not repeated', () => {
  const use = (line: StatusLine): void => {
    line.show('frame=    1');
    line.end();
  };
  expect(linesOf(false, use)).toBe('frame=    1\n');
});
