import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { axisOf } from './axis.mjs';

const measured = fc.array(fc.double({ min: 1e-9, max: 1e15, noNaN: true }), { minLength: 1, maxLength: 20 });

describe('axisOf', () => {
  test('gives every value a place, and ticks in order that can be told apart', () => {
    fc.assert(
      fc.property(measured, fc.constantFrom('auto', 'linear', 'log'), (values, kind) => {
        const { at, ticks, from, to } = axisOf(values, { kind });
        for (const value of values) {
          expect(at(value)).toBeGreaterThanOrEqual(-1e-6);
          expect(at(value)).toBeLessThanOrEqual(100 + 1e-6);
        }
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(12);
        expect(new Set(ticks.map(({ label }) => label)).size).toBe(ticks.length);
        for (const [index, tick] of ticks.entries()) {
          expect(tick.value).toBeGreaterThanOrEqual(from);
          expect(tick.value).toBeLessThanOrEqual(to);
          expect(tick.at).toBeGreaterThan(ticks[index - 1]?.at ?? -1);
        }
      }),
    );
  });

  test('is logarithmic from a quotient of 20 on, and starts at 0 below', () => {
    expect(axisOf([1, 21]).isLog).toBe(true);
    const linear = axisOf([1, 19]);
    expect(linear.isLog).toBe(false);
    expect(linear.from).toBe(0);
  });

  test('has the ticks of a 1-2-5 row', () => {
    expect(axisOf([238, 7407]).ticks.map(({ label }) => label)).toEqual([
      '200',
      '500',
      '1,000',
      '2,000',
      '5,000',
      '10,000',
    ]);
    expect(axisOf([1e-6, 1e6]).ticks.every(({ value }) => Number.isInteger(Math.log10(value)))).toBe(true);
  });

  test('takes what cannot be drawn logarithmically, and nothing at all', () => {
    expect(axisOf([0, 100], { kind: 'log' }).isLog).toBe(false);
    expect(axisOf([NaN, Infinity]).ticks.length).toBeGreaterThan(1);
    expect(axisOf([0]).at(0)).toBe(0);
  });
});
