import fc from 'fast-check';
import { expect, test } from 'vitest';
import { initFilter } from '../init-filter.ts';
import { bilinearFilter, fastBilinearFilter } from './linear-filter.ts';

test('halving takes the mean of two samples, thirds the middle one', () => {
  expect(fastBilinearFilter(4, 2, 4096)).toEqual({
    taps: 2,
    positions: Int32Array.from([0, 2]),
    coefficients: Int16Array.from([2048, 2048, 2048, 2048]),
  });
  expect(fastBilinearFilter(6, 2, 4096)).toEqual({
    taps: 1,
    positions: Int32Array.from([1, 4]),
    coefficients: Int16Array.from([4096, 4096]),
  });
});

test('doubling takes quarters, and the edges the one sample that there is', () => {
  expect(fastBilinearFilter(2, 4, 4096)).toEqual({
    taps: 2,
    positions: Int32Array.from([0, 0, 0, 0]),
    coefficients: Int16Array.from([4096, 0, 3072, 1024, 1024, 3072, 0, 4096]),
  });
  expect(fastBilinearFilter(1, 2, 4096)).toEqual({
    taps: 2,
    positions: Int32Array.from([0, 0]),
    coefficients: Int16Array.from([4096, 0, 4096, 0]),
  });
});

test('SWS_BILINEAR means over what a sample covers', () => {
  const { taps, positions, coefficients } = bilinearFilter(12, 3, 4096);
  expect([taps, ...positions]).toEqual([8, 0, 2, 4]);
  expect([...coefficients.subarray(8, 16)]).toEqual([128, 384, 640, 896, 896, 640, 384, 128]);
  expect([...bilinearFilter(2, 4, 4096).coefficients]).toEqual([4096, 4096, 4096, 4096]);
});

test('the fast filter is what the common steps make of its weights', () => {
  const size = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 400 }));
  fc.assert(
    fc.property(size, size, fc.constantFrom(1 << 12, 1 << 14), (srcSize, dstSize, one) => {
      const expected = initFilter(srcSize, dstSize, one, ({ increment, shrinkLog2 }) => {
        const step = 1n << BigInt(38 - shrinkLog2);
        const centres = Array.from({ length: dstSize }, (_, i) => (increment >> 1) - 32768 + i * increment);
        const weights = centres.flatMap((centre) => {
          const second = ((centre % 65536) + 65536) % 65536;
          return [BigInt(65536 - second) * step, BigInt(second) * step];
        });
        return {
          taps: 2,
          positions: centres.map((centre) => Math.floor(centre / 65536)),
          weights: BigInt64Array.from(weights),
        };
      });
      expect(fastBilinearFilter(srcSize, dstSize, one)).toEqual(expected);
    }),
    { numRuns: 80 },
  );
});
