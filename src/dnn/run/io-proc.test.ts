import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DnnError } from '../../base/errors.ts';
import { allocateFrame, frameFromBuffer } from '../../frame/plane-layout.ts';
import { modelChannels, pixelFormats, type PixelFormat } from '../../frame/pixel-format.ts';
import { procFromDnnToFrame, procFromFrameToDnn } from './io-proc.ts';

function frameOf(format: PixelFormat, width: number, height: number, bytes: readonly number[]) {
  return frameFromBuffer(format, width, height, 7, Uint8Array.from(bytes).buffer);
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

/** What a row of values becomes in a gray frame. */
function rounded(...values: number[]): number[] {
  const frame = allocateFrame('gray', values.length, 1, 0);
  procFromDnnToFrame(Float32Array.from(values), 0, frame);
  return [...frame.data[0]!];
}

describe('procFromFrameToDnn', () => {
  test('a byte becomes float32(i) times float32(1/255)', () => {
    const target = new Float32Array(256);
    procFromFrameToDnn(frameOf('gray', 16, 16, [...target.keys()]), target, 0);
    // ffmpeg -cpuflags 0 -f lavfi -i color=s=256x1,format=gray,geq=lum=X -vf
    // format=grayf32le -frames:v 1 -f framecrc -
    expect(adler32(new Uint8Array(target.buffer))).toBe(0x92471e7a);
    expect([...target].every((value, i) => Math.abs(value - i / 255) < 1e-7)).toBe(true);
  });

  test('rgb24 and bgr24 keep their bytes in order, at the offset', () => {
    for (const format of ['rgb24', 'bgr24'] as const) {
      const target = new Float32Array(9).fill(-1);
      procFromFrameToDnn(frameOf(format, 2, 1, [255, 0, 51, 102, 153, 204]), target, 2);
      expect(target.map((value) => Math.round(value * 5))).toEqual(
        Float32Array.from([-5, -5, 5, 0, 1, 2, 3, 4, -5]),
      );
    }
  });

  test('of YUV only luma is read', () => {
    const target = new Float32Array(4);
    procFromFrameToDnn(frameOf('nv12', 2, 2, [0, 255, 255, 0, 77, 77]), target, 0);
    expect([...target]).toEqual([0, 1, 1, 0]);
  });
});

describe('procFromDnnToFrame', () => {
  test('rounds 255 times the value in float32 to nearest, ties to even, and clips', () => {
    expect(rounded(0.5 / 255, 1.5 / 255, 2.5 / 255, 3.5 / 255)).toEqual([0, 2, 2, 4]);
    expect(rounded(-0.1, -1e30, 1.1, 1e30, 1, 0.998, 0.9981)).toEqual([0, 0, 255, 255, 255, 254, 255]);
    expect(rounded(NaN, Infinity, -Infinity, -0)).toEqual([0, 255, 0, 0]);
  });

  // FFmpeg 5.1.9, native backend, a 1x1 convolution by 0.5 on luma 0..15:
  // float32 steps move some of the ties.
  test('halving equals FFmpeg', () => {
    const values = new Float32Array(16);
    procFromFrameToDnn(frameOf('gray', 16, 1, [...values.keys()]), values, 0);
    expect(rounded(...values.map((value) => value * 0.5))).toEqual([
      0, 0, 1, 2, 2, 2, 3, 4, 4, 4, 5, 6, 6, 7, 7, 8,
    ]);
  });

  test('chroma is not touched', () => {
    const frame = frameOf('yuv420p', 2, 2, [1, 2, 3, 4, 5, 6]);
    procFromDnnToFrame(new Float32Array(4).fill(1), 0, frame);
    expect([...new Uint8Array(frame.buffer)]).toEqual([255, 255, 255, 255, 5, 6]);
  });
});

test('grayf32le crosses bit by bit, whatever the values', () => {
  const bits = Uint32Array.from([0x7fc00001, 0x7f800000, 0xff800000, 0x80000000, 0x00000001, 0x42c80000]);
  const frame = frameFromBuffer('grayf32le', 3, 2, 0, bits.slice().buffer);
  const tensor = new Float32Array(8);
  procFromFrameToDnn(frame, tensor, 1);
  expect([...new Uint32Array(tensor.buffer)]).toEqual([0, ...bits, 0]);
  const back = allocateFrame('grayf32le', 3, 2, 0);
  procFromDnnToFrame(tensor, 1, back);
  expect([...new Uint32Array(back.buffer)]).toEqual([...bits]);
});

test('there and back gives the same bytes in plane 0, in every format', () => {
  const side = fc.integer({ min: 1, max: 9 });
  const bytes = fc.array(fc.nat(255), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(fc.constantFrom(...pixelFormats), side, side, bytes, (format, width, height, pattern) => {
      const frame = allocateFrame(format, width, height, 0);
      for (const plane of frame.data) plane.forEach((_, i) => (plane[i] = pattern[i % pattern.length]!));
      const tensor = new Float32Array(width * height * modelChannels(format));
      procFromFrameToDnn(frame, tensor, 0);
      const back = allocateFrame(format, width, height, 0);
      procFromDnnToFrame(tensor, 0, back);
      expect(back.data[0]).toEqual(frame.data[0]);
    }),
  );
});

describe('refusals', () => {
  const frame = allocateFrame('rgb24', 4, 3, 90);

  test.each([
    [35, 0],
    [36, 1],
    [100, 65],
    [100, -1],
    [100, 0.5],
    [100, NaN],
  ])('a tensor of %d values at offset %d for 36', (length, offset) => {
    const tensor = new Float32Array(length);
    const message = `tensor has ${length} values: too few for 4x3x3 of a rgb24 frame at offset ${offset} (pts 90).`;
    expect(() => {
      procFromFrameToDnn(frame, tensor, offset);
    }).toThrow(`The input ${message}`);
    expect(() => {
      procFromDnnToFrame(tensor, offset, frame);
    }).toThrow(`The output ${message}`);
  });

  test('the last values that fit are taken', () => {
    expect(() => {
      procFromFrameToDnn(frame, new Float32Array(40), 4);
    }).not.toThrow();
  });

  test.each([
    { ...frame, width: 5 },
    { ...frame, height: 0 },
    { ...frame, linesize: [16] },
    { ...frame, data: [] },
    { ...frame, format: 'grayf32le' as const },
  ])('a frame that is not what it says %#', (broken) => {
    expect(() => {
      procFromFrameToDnn(broken, new Float32Array(1000), 0);
    }).toThrow(DnnError);
    expect(() => {
      procFromDnnToFrame(new Float32Array(1000), 0, broken);
    }).toThrow(/^Plane 0 of the output frame at pts 90/);
  });
});
