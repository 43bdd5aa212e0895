import { expect, test } from 'vitest';
import { checkPictureSize } from './check-picture-size.ts';

test.each([
  ['h264', 641, 360, 'of 641x360: write scale=640:360 as the last filter, or -c:v vp9_webcodecs.'],
  ['h264', 640, 361, 'write scale=640:360'],
  ['hevc', 1, 3, 'write scale=2:2'],
] as const)('%s of %dx%d is refused', (codec, width, height, message) => {
  expect(() => {
    checkPictureSize({ codec, width, height });
  }).toThrow(message);
});

test.each([
  ['h264', 640, 360],
  ['vp8', 641, 361],
  ['vp9', 641, 361],
  ['av1', 1, 1],
] as const)('%s of %dx%d is not', (codec, width, height) => {
  expect(() => {
    checkPictureSize({ codec, width, height });
  }).not.toThrow();
});
