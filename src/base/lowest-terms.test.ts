import fc from 'fast-check';
import { expect, it } from 'vitest';
import { commonDivisor, lowestTerms } from './lowest-terms.ts';

it.each([
  [12, 18, 6],
  [0, 5, 5],
  [5, 0, 5],
  [7, 9, 1],
])('the divisor of %i and %i is %i', (a, b, divisor) => {
  expect(commonDivisor(a, b)).toBe(divisor);
});

it('keeps the ratio, and leaves nothing to divide', () => {
  const term = fc.integer({ min: 1, max: 2 ** 24 });
  fc.assert(
    fc.property(term, term, (num, den) => {
      const reduced = lowestTerms({ num, den });
      expect(reduced.num * den).toBe(reduced.den * num);
      expect(commonDivisor(reduced.num, reduced.den)).toBe(1);
    }),
  );
});
