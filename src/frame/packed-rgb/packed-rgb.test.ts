import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Frame } from '../frame.ts';
import { isPlanarYuv, pixelFormats, type PixelFormat } from '../pixel-format.ts';
import { frameFromBuffer, frameLayout } from '../plane-layout.ts';
import { packedRgbConverter } from './packed-rgb.ts';

type Geometry = readonly [srcWidth: number, srcHeight: number, dstWidth: number, dstHeight: number];

const geometries: readonly Geometry[] = [
  [64, 48, 30, 20],
  [64, 48, 64, 48],
  [63, 47, 31, 21],
  [17, 9, 40, 9],
  [20, 12, 9, 1],
  [64, 48, 33, 96],
  [7, 5, 14, 10],
  [1, 1, 8, 8],
  [12, 12, 1, 1],
  [64, 48, 21, 16],
];

/**
 * Adler-32 (starting at 0) of what FFmpeg 5.1.9 makes of {@link picture} with its C code, one per geometry:
 *
 *   ffmpeg -cpuflags 0 -f rawvideo -pix_fmt FORMAT -s WxH -i in.raw
 *     -vf scale=W2:H2:flags=fast_bilinear,format=rgb24 -f rawvideo out.raw
 *
 * rgb24 and bgr24 of odd width come from a picture with the last column twice, cropped to
 * its width before it is scaled.
 */
const native: readonly (readonly [PixelFormat, readonly number[]])[] = [
  [
    'yuv420p',
    [
      0x5abb6eb9, 0x74d1c0b2, 0xe170c6fb, 0xdc88077d, 0xca730e3a, 0x8b946434, 0x4696a8ce, 0x346d0880,
      0x02a5014c, 0x7abd0ac6,
    ],
  ],
  [
    'yuv422p',
    [
      0xb7786e39, 0x42d4de7c, 0xfaabc19c, 0x27330e74, 0xc1a10cd8, 0x72316e90, 0x056cae22, 0x346d0880,
      0x02ff0167, 0x1cc008a1,
    ],
  ],
  [
    'yuv444p',
    [
      0x75e47166, 0xba91c22f, 0x21b7c277, 0x21de0d34, 0xd48c0e1b, 0x628271e9, 0x20a3baea, 0x4c8d08c0,
      0x02f7016f, 0x12f90d66,
    ],
  ],
  [
    'yuv410p',
    [
      0xc96d6c20, 0xa75fae3f, 0xfcfdbf25, 0xa37fee6b, 0xc9db0ed5, 0x779f5467, 0xb88ac2a0, 0x346d0880,
      0x03fc01fe, 0x76a20b04,
    ],
  ],
  [
    'yuv411p',
    [
      0x37686b90, 0x04c6af15, 0xdacbc678, 0x8f830316, 0xd4e90e24, 0x74745a14, 0x5cf5a8c7, 0x346d0880,
      0x02920158, 0xa84f04e4,
    ],
  ],
  [
    'nv12',
    [
      0x1a2b7858, 0xccc2b9a7, 0x074cc6b8, 0x244309c8, 0xc99d0d61, 0xb25e6155, 0xc88fb762, 0x346d0880,
      0x0275013b, 0x550f0a1d,
    ],
  ],
  [
    'rgb24',
    [
      0xe2c565a7, 0x9be2b81e, 0x4b4ac25d, 0x23490515, 0xb9c60dc4, 0x4d524833, 0x96c2cb3a, 0xa9832480,
      0x02e50179, 0xf675ef9f,
    ],
  ],
  [
    'bgr24',
    [
      0x9af064c9, 0x9d5ab81e, 0x423cc1b8, 0x1acf05d7, 0xb87e0dd0, 0x4a3848cb, 0xadf9cb3b, 0xdc832480,
      0x02f90176, 0xd4a7f10d,
    ],
  ],
  [
    'gray',
    [
      0x98bb758d, 0xb946b434, 0x340dc183, 0xb36f1954, 0xcd0b0e16, 0x9bf1430b, 0xae31b99d, 0x00000000,
      0x02e80174, 0xa9370712,
    ],
  ],
  [
    'grayf32le',
    [
      0x1b307290, 0xeebaa8a6, 0xc5b2d326, 0x001518cd, 0xc2e80d0b, 0x105a7ef3, 0xfc21b6be, 0x00000000,
      0x02ee0177, 0x4b60ed77,
    ],
  ],
];

/** Bytes that look like noise, of all levels; for floats, values from -0.1 to 1.1. */
function picture(format: PixelFormat, width: number, height: number): Frame {
  const { size } = frameLayout(format, width, height);
  const noise = (i: number) => (i * i * 7 + i * 37) % 257;
  const samples =
    format === 'grayf32le'
      ? Float32Array.from({ length: size / 4 }, (_, i) => noise(i) / 214 - 0.1)
      : Uint8Array.from({ length: size }, (_, i) => noise(i));
  return frameFromBuffer(format, width, height, 0, samples.buffer);
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

function pack(frame: Frame, width: number, height: number, order: 'rgb' | 'bgr' = 'rgb'): Uint8Array {
  const converter = packedRgbConverter(frame.format, frame, { width, height }, order);
  const dst = new Uint8Array(3 * width * height);
  converter.convert(frame, dst);
  return dst;
}

function reversePixels(bytes: Uint8Array): Uint8Array {
  return bytes.map((_, i) => bytes[i - (i % 3) + 2 - (i % 3)]!);
}

test.each(native)('%s as FFmpeg converts it', (format, checksums) => {
  const found = geometries.map(([w, h, w2, h2]) => adler32(pack(picture(format, w, h), w2, h2)));
  expect(found).toEqual(checksums);
});

test('beside unscaled luma, a row just between two of chroma is their mean', () => {
  // The middle row; the checksums are FFmpeg's, made as those above.
  const found = [3, 7].map((rows) => adler32(pack(picture('yuv420p', 16, rows), 40, rows)));
  expect(found).toEqual([0xffb092d7, 0x00d495ac]);
});

test('BT.601 limited range, pixel by pixel', () => {
  // Two by two: black and white without colour, the primaries' levels as ITU-R BT.601 gives them, rounded.
  const bytes = [16, 235, 81, 145, 128, 128, 90, 54, 128, 128, 240, 34];
  const frame = frameFromBuffer('yuv444p', 2, 2, 0, Uint8Array.from(bytes).buffer);
  const pixels = pack(frame, 2, 2);
  for (const [i, wanted] of [0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 255, 0].entries()) {
    expect(Math.abs(pixels[i]! - wanted)).toBeLessThanOrEqual(1);
  }
});

test('rgb24 of the same size is copied, with rows of any width', () => {
  const frame = picture('rgb24', 13, 7);
  expect(pack(frame, 13, 7)).toEqual(frame.data[0]);
  expect(pack(frame, 13, 7, 'bgr')).toEqual(reversePixels(frame.data[0]!));
  expect(pack(picture('bgr24', 13, 7), 13, 7, 'bgr')).toEqual(frame.data[0]);
});

const side = fc.integer({ min: 1, max: 40 });
const anyFormat = fc.constantFrom(...pixelFormats);

test('bgr is rgb with its bytes in the other order', () => {
  fc.assert(
    fc.property(anyFormat, side, side, side, side, (format, w, h, w2, h2) => {
      const frame = picture(format, w, h);
      expect(pack(frame, w2, h2, 'bgr')).toEqual(reversePixels(pack(frame, w2, h2)));
    }),
    { numRuns: 60 },
  );
});

test('a picture of one colour keeps it, whatever its size', () => {
  // Beyond legal levels the sums of full chroma may pass 32 bits, in C as here.
  const legal = fc.integer({ min: 16, max: 235 });
  fc.assert(
    fc.property(anyFormat, side, side, side, side, legal, (format, w, h, w2, h2, level) => {
      const frame = picture(format, w, h);
      if (format === 'grayf32le') new Float32Array(frame.buffer).fill(level / 255);
      else new Uint8Array(frame.buffer).fill(level);
      const pixels = pack(frame, w2, h2);
      const first = [...pixels.subarray(0, 3)];
      const spread = Math.max(...pixels.map((byte, i) => Math.abs(byte - first[i % 3]!)));
      // hcscale_fast_c gives 127 parts of chroma for 128, but at the right edge: up
      // to 3 levels, each two of blue.
      expect(spread).toBeLessThanOrEqual(isPlanarYuv(format) ? 7 : 0);
      const off = Math.max(...first.map((byte) => Math.abs(byte - level)));
      if (format === 'rgb24' || format === 'bgr24') expect(off).toBeLessThanOrEqual(3);
      if (format === 'gray') expect(first).toEqual([level, level, level]);
    }),
    { numRuns: 200 },
  );
});

test('a converter gives the same pixels when it is used again', () => {
  for (const format of pixelFormats) {
    const [one, other] = [picture(format, 30, 22), picture(format, 30, 22)];
    new Uint8Array(other.buffer).fill(50);
    for (const [width, height] of [
      [19, 31],
      [30, 22],
    ] as const) {
      const converter = packedRgbConverter(format, one, { width, height }, 'rgb');
      const dst = new Uint8Array(3 * width * height);
      converter.convert(other, dst);
      converter.convert(one, dst);
      expect(dst).toEqual(pack(one, width, height));
    }
  }
});

test('yuv420p of odd width at equal size converts its last column too', () => {
  const frame = picture('yuv420p', 13, 6);
  const wider = picture('yuv420p', 14, 6);
  for (const [plane, { length }] of frame.data.entries()) {
    const [from, to] = [frame.linesize[plane]!, wider.linesize[plane]!];
    for (let i = 0; i < length; i++)
      wider.data[plane]![Math.floor(i / from) * to + (i % from)] = frame.data[plane]![i]!;
  }
  const expected = pack(wider, 14, 6).filter((_, i) => i % 42 < 39);
  expect(pack(frame, 13, 6)).toEqual(expected);
});
