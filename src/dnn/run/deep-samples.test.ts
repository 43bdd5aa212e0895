import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { framePixelFormats, isDeep, modelChannels } from '../../frame/pixel-format.ts';
import { allocateFrame, frameFromBuffer } from '../../frame/plane-layout.ts';
import { largestSample } from './deep-samples.ts';
import { procFromDnnToFrame, procFromFrameToDnn } from './io-proc.ts';

const deepFormats = framePixelFormats.filter(isDeep);

test.each(deepFormats)('%s: every sample becomes a share of the largest one and comes back', (format) => {
  const largest = largestSample(format);
  const side = fc.integer({ min: 1, max: 9 });
  const samples = fc.array(fc.integer({ min: 0, max: largest }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(side, side, samples, fc.nat(3), (width, height, pattern, offset) => {
      const frame = allocateFrame(format, width, height, 0);
      const all = new Uint16Array(frame.buffer);
      all.forEach((_, i) => (all[i] = pattern[i % pattern.length]!));
      const tensor = new Float32Array(offset + width * height * modelChannels(format));
      procFromFrameToDnn(frame, tensor, offset);
      expect(tensor.every((value) => value >= 0 && value <= 1)).toBe(true);
      const back = allocateFrame(format, width, height, 0);
      procFromDnnToFrame(tensor, offset, back);
      const throughModel = modelChannels(format) === 3 ? back.data.length : 1;
      for (let plane = 0; plane < throughModel; plane++) expect(back.data[plane]).toEqual(frame.data[plane]);
      for (const chroma of back.data.slice(throughModel))
        expect(chroma.every((byte) => byte === 0)).toBe(true);
    }),
  );
});

describe('order of the values', () => {
  const values = (format: 'gbrp10le' | 'rgb48le', samples: readonly number[]) => {
    const tensor = new Float32Array(6);
    procFromFrameToDnn(frameFromBuffer(format, 2, 1, 0, Uint16Array.from(samples).buffer), tensor, 0);
    return [...tensor.map((value) => Math.round(value * largestSample(format)))];
  };

  test('gbrp has planes of green, blue and red, and gives R, G, B', () => {
    expect(values('gbrp10le', [1, 2, 3, 4, 5, 1023])).toEqual([5, 1, 3, 1023, 2, 4]);
  });

  test('rgb48 is in order already', () => {
    expect(values('rgb48le', [1, 2, 3, 4, 5, 65535])).toEqual([1, 2, 3, 4, 5, 65535]);
  });
});

test('10 bits see the values of 8: 1023 is 1, as 255 is', () => {
  const tensor = new Float32Array(3);
  procFromFrameToDnn(frameFromBuffer('gray10le', 3, 1, 0, Uint16Array.of(0, 341, 1023).buffer), tensor, 0);
  expect([...tensor]).toEqual([0, Math.fround(341 / 1023), 1]);
});

test('results round to the nearest sample, ties to even, and are clipped; NaN gives 0', () => {
  const frame = allocateFrame('gray10le', 8, 1, 0);
  const ties = [0.5 / 1023, 1.5 / 1023, 2.5 / 1023];
  procFromDnnToFrame(Float32Array.of(...ties, -1, NaN, 1e30, -Infinity, 0.9999), 0, frame);
  expect([...new Uint16Array(frame.buffer)]).toEqual([0, 2, 2, 0, 0, 1023, 0, 1023]);
});

test('a frame whose samples have another size is refused', () => {
  const eight = allocateFrame('gray', 4, 4, 0);
  expect(() => {
    procFromFrameToDnn({ ...eight, format: 'gray10le' }, new Float32Array(16), 0);
  }).toThrow(/not the 32 of a tightly packed gray10le frame/);
});
