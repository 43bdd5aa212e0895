import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median } from './median.mjs';
import { summarize } from './summarize.mjs';

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 });

describe('summarize', () => {
  it('interpolates between values', () => {
    expect(summarize([4, 1, 2, 3])).toEqual({ n: 4, median: 2.5, p10: 1.3, p90: 3.7 });
    expect(summarize([7])).toEqual({ n: 1, median: 7, p10: 7, p90: 7 });
  });

  it('lies between the least and the most, in order, whatever the order of the values', () => {
    fc.assert(
      fc.property(values, (all) => {
        const summary = summarize(all);
        const [least, most] = [Math.min(...all), Math.max(...all)];
        expect(summary.p10).toBeGreaterThanOrEqual(least);
        expect(summary.median).toBeGreaterThanOrEqual(summary.p10);
        expect(summary.p90).toBeGreaterThanOrEqual(summary.median);
        expect(most).toBeGreaterThanOrEqual(summary.p90);
        expect(summary.median).toBeCloseTo(median(all), 6);
        expect(summarize(all.toReversed())).toEqual(summary);
      }),
    );
  });

  it('refuses what has no median', () => {
    expect(() => summarize([])).toThrow(RangeError);
    expect(() => summarize([1, NaN])).toThrow('finite');
  });
});
