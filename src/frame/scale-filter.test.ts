import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bicubicFilter } from './scale-filter.ts';

test('doubling has four taps of two alternating sets, and the edges gather what lies outside', () => {
  const { taps, positions, coefficients } = bicubicFilter(8, 16, 1 << 14);
  expect(taps).toBe(4);
  expect([...positions.subarray(4, 8)]).toEqual([0, 1, 1, 2]);
  const even = [...coefficients.subarray(6 * 4, 7 * 4)];
  const odd = [...coefficients.subarray(5 * 4, 6 * 4)];
  // The cubic -0.6t³+3t²-4.8t+2.4 and 1.4t³-2.4t²+1 at t = 1.75, 0.75, 0.25, 1.25 is -460.8, 3942.4, 14284.8,
  // -1382.4 in units of 2^-14; each rounding error goes on to the next tap.
  expect(even).toEqual([-461, 3943, 14284, -1382]);
  expect(odd).toEqual([-1382, 14284, 3943, -461]);
  expect(positions[0]).toBe(0);
  expect(positions[15]).toBe(4);
});

test('equal sizes, and sizes that differ by next to nothing, copy samples', () => {
  expect(bicubicFilter(5, 5, 4096)).toEqual({
    taps: 1,
    positions: Int32Array.from([0, 1, 2, 3, 4]),
    coefficients: new Int16Array(5).fill(4096),
  });
  const almost = bicubicFilter(8000, 8001, 4096);
  expect(almost.taps).toBe(1);
  expect([...almost.positions.subarray(7998)]).toEqual([7998, 7999, 7999]);
});

test('every set of taps sums to one, stays inside the source and never steps back', () => {
  const size = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 700 }));
  fc.assert(
    fc.property(size, size, fc.constantFrom(1 << 12, 1 << 14), (srcSize, dstSize, one) => {
      const { taps, positions, coefficients } = bicubicFilter(srcSize, dstSize, one);
      expect(positions.length).toBe(dstSize);
      expect(coefficients.length).toBe(dstSize * taps);
      let previous = 0;
      for (const [i, position] of positions.entries()) {
        expect(position).toBeGreaterThanOrEqual(previous);
        expect(position + taps).toBeLessThanOrEqual(srcSize);
        const sum = coefficients.subarray(i * taps, (i + 1) * taps).reduce((total, c) => total + c, 0);
        expect(sum).toBe(one);
        previous = position;
      }
    }),
    { numRuns: 150 },
  );
});
