import { expect, test } from 'vitest';
import { hasAutoYuv } from './auto-yuv.ts';
import { Rgb24ToYuv420p } from './rgb24-to-yuv420p.ts';

/**
 * Adler-32 (starting at 0) of what FFmpeg 5.1.9 makes of noise with its C code:
 *
 *   ffmpeg -cpuflags 0 -f rawvideo -pix_fmt rgb24 -s SIZE -i in.raw
 *     -vf setparams=colorspace=MATRIX,format=yuv420p -f rawvideo out.raw
 */
const native: readonly (readonly [number, number, string, number])[] = [
  [64, 48, 'unknown', 0x9da4d2a8],
  [64, 48, 'bt709', 0xdaa6d2ad],
  [64, 48, 'fcc', 0x943ed2b9],
  [64, 48, 'smpte170m', 0x9da4d2a8],
  [64, 48, 'smpte240m', 0x98bcd2bd],
  [64, 48, 'bt2020nc', 0x80b0d2a8],
  [64, 48, 'bt2020c', 0x80b0d2a8],
  [64, 48, 'ycgco', 0x9da4d2a8],
  [62, 47, 'unknown', 0x39846ddd],
  [16, 1, 'unknown', 0xec5e0f30],
  [16, 2, 'unknown', 0x110316c4],
  [16, 3, 'unknown', 0xf8b12749],
  [16, 4, 'unknown', 0x92652e74],
  [2, 5, 'bt709', 0x35dd071c],
  [2, 2, 'unknown', 0x07dc02bb],
];

function adler32(bytes: Uint8Array): number {
  let low = 0;
  let high = 0;
  for (const byte of bytes) {
    low = (low + byte) % 65521;
    high = (high + low) % 65521;
  }
  return high * 65536 + low;
}

test.each(native)('%ix%i tagged %s as FFmpeg converts it', (width, height, matrix, sum) => {
  const noise = Uint8Array.from({ length: 3 * width * height }, (_, i) => (i * i * 7 + i * 37) % 257);
  const converter = new Rgb24ToYuv420p({ width, height }, matrix);
  for (let again = 0; again < 2; again++) expect(adler32(converter.convert(noise))).toBe(sum);
});

test('the last column of an odd width has the chroma of its own pixels', () => {
  const [width, height] = [5, 6];
  const pixels = Uint8Array.from({ length: 3 * width * height }, (_, i) => (i % 15 < 12 ? 255 : 0));
  const planes = new Rgb24ToYuv420p({ width, height }).convert(pixels);
  expect([...planes.subarray(0, 5)]).toEqual([235, 235, 235, 235, 16]);
  expect(new Set(planes.subarray(30))).toEqual(new Set([128]));
});

test('only rgb24 to yuv420p is converted', () => {
  expect(hasAutoYuv('rgb24', 'yuv420p')).toBe(true);
  expect(hasAutoYuv('bgr24', 'yuv420p')).toBe(false);
  expect(hasAutoYuv('rgb24', 'yuv444p')).toBe(false);
});
