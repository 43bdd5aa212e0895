import { expect, test } from 'vitest';
import type { PixelFormat } from '../pixel-format.ts';
import { frameFromBuffer, frameLayout } from '../plane-layout.ts';
import { autoRgb24, hasAutoRgb24 } from './auto-rgb24.ts';

const size = { width: 64, height: 48 };

/**
 * Adler-32 (starting at 0) of what FFmpeg 5.1.9 makes of noise with its C code, limited and full range:
 *
 *   ffmpeg -cpuflags 0 -f rawvideo -pix_fmt FORMAT -s 64x48 -i in.raw
 *     -vf setparams=colorspace=MATRIX:range=tv|pc,format=rgb24 -f rawvideo out.raw
 */
const native: readonly (readonly [PixelFormat, string, number, number])[] = [
  ['yuv420p', 'unknown', 0x74d1c0b2, 0x3832b565],
  ['yuv420p', 'bt709', 0xa76eacda, 0xfe7a9cdc],
  ['yuv420p', 'fcc', 0x2f41bcf3, 0x0e17b174],
  ['yuv420p', 'bt470bg', 0x74d1c0b2, 0x3832b565],
  ['yuv420p', 'smpte170m', 0x74d1c0b2, 0x3832b565],
  ['yuv420p', 'smpte240m', 0x1f2cb27b, 0xcea4b4a9],
  ['yuv420p', 'bt2020nc', 0x8d55b2fd, 0xa058b4d5],
  ['yuv420p', 'bt2020c', 0x8d55b2fd, 0xa058b4d5],
  ['yuv420p', 'ycgco', 0x74d1c0b2, 0x3832b565],
  ['yuv420p', 'chroma-derived-nc', 0x74d1c0b2, 0x3832b565],
  ['yuv422p', 'unknown', 0x42d4de7c, 0xef35da14],
  ['yuv422p', 'bt709', 0x001fd872, 0xa07ec8c2],
  ['yuv422p', 'bt2020nc', 0x3ca2e0a5, 0x574fe16b],
];

function converted(format: PixelFormat, colorSpace?: string, colorRange?: string): Uint8Array {
  const noise = Uint8Array.from(
    { length: frameLayout(format, size.width, size.height).size },
    (_, i) => (i * i * 7 + i * 37) % 257,
  );
  const frame = frameFromBuffer(format, size.width, size.height, 0, noise.buffer);
  const into = new Uint8Array(3 * size.width * size.height);
  autoRgb24(format, size, { colorSpace, colorRange })!.convert(frame, into);
  return into;
}

function adler32(bytes: Uint8Array): number {
  let low = 0;
  let high = 0;
  for (const byte of bytes) {
    low = (low + byte) % 65521;
    high = (high + low) % 65521;
  }
  return high * 65536 + low;
}

test.each(native)('%s tagged %s as FFmpeg converts it', (format, matrix, limited, full) => {
  expect(adler32(converted(format, matrix, 'tv'))).toBe(limited);
  expect(adler32(converted(format, matrix))).toBe(limited);
  expect(adler32(converted(format, matrix, 'pc'))).toBe(full);
});

test('without tags frames are BT.601 of limited range', () => {
  expect(converted('yuv420p')).toEqual(converted('yuv420p', 'smpte170m', 'tv'));
});

test.each<[PixelFormat, number]>([
  ['yuv420p', 47],
  ['yuv422p', 1],
  ['yuv444p', 48],
  ['nv12', 48],
  ['yuv420p10le', 48],
  ['rgb24', 48],
])('%s of %i rows goes another way in FFmpeg', (format, height) => {
  expect(hasAutoRgb24(format, { height })).toBe(false);
  expect(autoRgb24(format, { width: 64, height }, {})).toBeUndefined();
});
