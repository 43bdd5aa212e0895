import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { scaleDeepPlane, type DeepPlane } from './deep-plane-scale.ts';

/** Noise with many samples at both ends, so that overshoot is cut. */
function noise(width: number, height: number, depth: number): DeepPlane {
  const largest = 2 ** depth - 1;
  let state = 1;
  const samples = Uint16Array.from({ length: width * height }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    const value = (state >> 8) & largest;
    if ((state >> 4) % 3 !== 0) return value;
    return value % 2 === 1 ? 0 : largest;
  });
  return { samples, width, height };
}

/**
 * CRC-32 of what FFmpeg's C code gives for the noise: ffmpeg -cpuflags 0 -f rawvideo -pix_fmt grayDEPTHle
 * -s WxH -i noise -vf scale=W2:H2:flags=bicubic -f rawvideo -
 */
test.each([
  [10, 7, 5, 14, 10, 0x9647c31a],
  [10, 64, 48, 128, 96, 0xb1b24214],
  [10, 40, 30, 13, 11, 0xeb4f914a],
  [12, 37, 21, 61, 50, 0x2621a62f],
  [16, 40, 30, 20, 15, 0x66bff2f7],
  [16, 16, 9, 48, 27, 0x4cf08f3a],
])('%d bits, %dx%d to %dx%d, are the samples of FFmpeg', (depth, width, height, outWidth, outHeight, crc) => {
  const out = { samples: new Uint16Array(outWidth * outHeight), width: outWidth, height: outHeight };
  scaleDeepPlane(noise(width, height, depth), out, depth);
  expect(crc32(new Uint8Array(out.samples.buffer)).toString(16)).toBe(crc.toString(16));
});
