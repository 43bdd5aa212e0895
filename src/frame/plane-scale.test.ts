import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DnnError } from '../base/errors.ts';
import { PlaneScaler } from './plane-scale.ts';

type Geometry = readonly [
  channels: 1 | 2,
  srcWidth: number,
  srcHeight: number,
  dstWidth: number,
  dstHeight: number,
  checksum: number,
];

/**
 * Adler-32 of native results with its C code. For gray (one channel):
 *
 *   ffmpeg -f lavfi -i "color=s=WxH,format=gray,geq=lum='mod(90+37*X+101*Y+7*X*Y,256)'" -frames:v 1
 *   -f rawvideo - | ffmpeg -cpuflags 0 -f rawvideo -pix_fmt gray -s WxH -i - -vf
 *   scale=W2:H2:flags=bicubic -f framecrc -
 *
 * and for ya8 (two channels) a picture of twice the width, read with -pix_fmt ya8 -s WxH.
 */
const native: readonly Geometry[] = [
  [1, 13, 9, 26, 18, 0x8cd8eff8],
  [1, 13, 9, 39, 27, 0x76c01c1d],
  [1, 46, 61, 91, 122, 0x3f89b89c],
  [1, 180, 120, 360, 240, 0x96772728],
  [1, 23, 16, 46, 31, 0x3178de6d],
  [1, 64, 48, 31, 17, 0xcf8906e6],
  [1, 64, 64, 8, 8, 0x0f9f1fdb],
  [1, 300, 40, 5, 40, 0xcfe86503],
  [1, 40, 40, 39, 41, 0x4f891ea5],
  [1, 1, 1, 2, 2, 0x03840168],
  [1, 1, 1, 7, 3, 0x51360762],
  [1, 2, 2, 4, 4, 0x47120a0c],
  [1, 3, 5, 6, 10, 0xbc502062],
  [1, 4, 6, 8, 12, 0xaa86330d],
  [1, 20, 12, 20, 24, 0x8003f72f],
  [1, 20, 12, 40, 12, 0x6a9bf731],
  [1, 20, 12, 20, 12, 0x365d7b94],
  [1, 8001, 2, 8000, 2, 0xd8935171],
  [1, 8000, 2, 8001, 4, 0x62e1a4f2],
  [1, 9, 8, 3, 20, 0xb4c11eaf],
  [2, 45, 30, 90, 60, 0x2fa35b7d],
  [2, 26, 19, 52, 38, 0xc3a4e39a],
  [2, 8, 4, 16, 8, 0x024b8528],
  [2, 3, 1, 6, 2, 0xa2800d1c],
  [2, 2, 3, 4, 6, 0x6f261830],
  [2, 40, 30, 13, 11, 0xd66990dc],
  [2, 7, 7, 7, 7, 0x0a1733c4],
];

/**
 * Shrinking so far that swscale cascades. Here the scale filter sets up swscale in another way than the DNN
 * filters, so these come from their call: sws_getContext(W, H, GRAY8 or YA8, W2, H2, the same, SWS_BICUBIC,
 * NULL, NULL, NULL) and sws_scale on the same picture, after av_force_cpu_flags(0), FFmpeg 5.1.9.
 */
const cascaded: readonly Geometry[] = [
  [1, 500, 3, 6, 3, 0x556208fa],
  [1, 7, 400, 7, 5, 0x39e11185],
  [2, 640, 6, 9, 6, 0x7d1c35e5],
];

/** The picture of the geq expression above; an interleaved pair of samples counts as two columns. */
function picture(columns: number, rows: number): Uint8Array {
  return Uint8Array.from({ length: columns * rows }, (_, i) => {
    const x = i % columns;
    const y = (i - x) / columns;
    return 90 + 37 * x + 101 * y + 7 * x * y;
  });
}

/** The checksum that ffmpeg's framecrc prints: Adler-32 which starts at 0 instead of 1. */
function adler32(bytes: Uint8Array): number {
  let low = 0;
  let high = 0;
  for (const byte of bytes) {
    low = (low + byte) % 65521;
    high = (high + low) % 65521;
  }
  return high * 65536 + low;
}

function scalePicture(channels: 1 | 2, width: number, height: number, dstWidth: number, dstHeight: number) {
  const scaler = new PlaneScaler({ width, height }, { width: dstWidth, height: dstHeight }, channels);
  const dst = new Uint8Array(dstWidth * dstHeight * channels);
  scaler.scale(picture(width * channels, height), width * channels, dst, dstWidth * channels);
  return { scaler, dst };
}

describe('PlaneScaler equals swscale', () => {
  test.each([...native, ...cascaded])('%i x 8 bits: %ix%i to %ix%i', (channels, w, h, w2, h2, checksum) => {
    expect(adler32(scalePicture(channels, w, h, w2, h2).dst)).toBe(checksum);
  });

  test('sample by sample: 5x4 to 10x8', () => {
    // prettier-ignore
    expect([...scalePicture(1, 5, 4, 10, 8).dst]).toEqual([
    75, 85, 102, 133, 161, 193, 204, 227, 243, 255,
    108, 120, 143, 150, 134, 141, 160, 184, 202, 214,
    165, 182, 215, 178, 87, 50, 83, 109, 129, 142,
    153, 170, 205, 170, 80, 46, 79, 108, 128, 143,
    64, 79, 108, 122, 110, 124, 147, 178, 201, 216,
    52, 67, 94, 127, 151, 167, 156, 172, 200, 217,
    109, 125, 154, 189, 227, 199, 113, 85, 127, 145,
    131, 147, 177, 213, 255, 211, 97, 52, 99, 118,
    ]);
  });
});

test('a scaler gives the same result when it is used again', () => {
  const { scaler, dst } = scalePicture(1, 23, 17, 46, 34);
  const other = new Uint8Array(46 * 34);
  scaler.scale(new Uint8Array(23 * 17).fill(255), 23, other, 46);
  expect(other.every((sample) => sample === 255)).toBe(true);
  scaler.scale(picture(23, 17), 23, other, 46);
  expect(other).toEqual(dst);
});

test('rows may be longer than the picture, and what lies beyond stays', () => {
  const { scaler, dst } = scalePicture(2, 6, 5, 12, 10);
  const wide = new Uint8Array(5 * 15).fill(99);
  const packed = picture(12, 5);
  for (let y = 0; y < 5; y++) wide.set(packed.subarray(y * 12, y * 12 + 12), y * 15);
  const out = new Uint8Array(10 * 30).fill(7);
  scaler.scale(wide, 15, out, 30);
  for (let y = 0; y < 10; y++) {
    expect(out.subarray(y * 30, y * 30 + 24)).toEqual(dst.subarray(y * 24, y * 24 + 24));
    expect([...out.subarray(y * 30 + 24, y * 30 + 30)]).toEqual([7, 7, 7, 7, 7, 7]);
  }
});

test('a flat plane stays flat at every geometry', () => {
  const side = fc.integer({ min: 1, max: 120 });
  fc.assert(
    fc.property(side, side, side, side, fc.constantFrom(1 as const, 2 as const), fc.nat(255), (...args) => {
      const [width, height, dstWidth, dstHeight, channels, level] = args;
      const scaler = new PlaneScaler({ width, height }, { width: dstWidth, height: dstHeight }, channels);
      const dst = new Uint8Array(dstWidth * dstHeight * channels);
      const src = new Uint8Array(width * height * channels).fill(level);
      scaler.scale(src, width * channels, dst, dstWidth * channels);
      // A cascade's way through limited range may cost one level.
      const tolerance = width > 60 * dstWidth || height > 60 * dstHeight ? 1 : 0;
      return dst.every((sample) => Math.abs(sample - level) <= tolerance);
    }),
    { numRuns: 200 },
  );
});

describe('refusals', () => {
  test.each([
    [0, 4, 8, 8],
    [4, 4, 8, 0],
    [4, 2.5, 8, 8],
    [4, 4, -1, 8],
    [4, 4, 8, NaN],
  ])('%dx%d to %dx%d', (width, height, dstWidth, dstHeight) => {
    expect(() => new PlaneScaler({ width, height }, { width: dstWidth, height: dstHeight }, 1)).toThrow(
      DnnError,
    );
  });

  test('planes that are too small are named', () => {
    const scaler = new PlaneScaler({ width: 4, height: 4 }, { width: 8, height: 8 }, 1);
    expect(() => {
      scaler.scale(new Uint8Array(15), 4, new Uint8Array(64), 8);
    }).toThrow('The source plane has 15 bytes in rows of 4: too few for 4x4 pixels of 1 bytes.');
    expect(() => {
      scaler.scale(new Uint8Array(16), 4, new Uint8Array(64), 7);
    }).toThrow(/^The destination plane/);
  });
});
