/** Which commands are refused for an encoder that never gives a frame. */
import { expect, it } from 'vitest';
import { failure } from '../../base/errors.test-support.ts';
import { parseCommand } from './command.ts';
import { refuseEncoders } from './refused-encoders.ts';

const refused = (words: string): boolean => {
  try {
    refuseEncoders(parseCommand(words.split(' ')));
    return false;
  } catch {
    return true;
  }
};

it.each([
  '-i a.mp4 -c:v libx265 b.mp4',
  '-i a.mp4 -vcodec hevc b.mkv',
  '-i a.mp4 -codec:V libx265 -f null -',
  '-i a.mp4 -c copy -c:v:1 libx265 b.mkv',
  '-i a.mp4 -c:0 libx265 b.mkv',
  '-i a.mp4 b.mp4 -c:v libx265 c.mp4',
  '-i a.mp4 b.HEVC',
  '-i a.mp4 -f hevc -',
])('%s is refused', (words) => {
  expect(refused(words)).toBe(true);
});

it.each([
  '-i a.hevc -c:v libx264 b.mp4',
  '-c:v hevc -i a.mp4 b.mp4',
  '-i a.mp4 -c copy b.hevc',
  '-i a.mp4 -c:v:0 copy b.h265',
  '-i a.mp4 -f mpegts b.265',
  '-i a.mp4 -vn -c:v libx265 b.mka',
  '-i a.mp4 -c:v libx265 -c:v libx264 b.mp4',
  '-i a.mp4 -c:a hevc -c:v libvpx-vp9 b.mp4',
  '-h encoder=libx265',
])('%s is not', (words) => {
  expect(refused(words)).toBe(false);
});

it('says which words, why, and what to write', () => {
  const command = parseCommand('-i a.mp4 -c:v libx265 b.mp4'.split(' '));
  expect(
    failure(() => {
      refuseEncoders(command);
    }),
  ).toMatchObject({
    code: 'ENOSYS',
    details: { option: 'c', position: 2 },
    message:
      "-c:v libx265 (word 3 of the command line): x265 needs threads, which ffmpeg.wasm's core does not have, and " +
      'waits for them for ever: write `-c:v libx264`, or for smaller files `-c:v vp9_webcodecs`, or ' +
      '`-c:v hevc_webcodecs` where the browser has it.',
  });
  const byFormat = parseCommand('-i a.mp4 b.265'.split(' '));
  expect(
    failure(() => {
      refuseEncoders(byFormat);
    }),
  ).toMatchObject({
    details: { path: 'b.265', position: 2 },
    message: expect.stringContaining('b.265: the default encoder of its format is libx265.') as string,
  });
});
