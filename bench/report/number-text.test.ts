import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { numberText, quantityText, tickText } from './number-text.mjs';

describe('numberText', () => {
  test.each([
    [0, '0'],
    [0.000_41, '4.10e-4'],
    [0.012_34, '0.0123'],
    [1, '1.00'],
    [999.6, '1,000'],
    [1234, '1,234'],
    [999_600, '1.00 M'],
    [2.4e10, '24.0 G'],
    [NaN, '–'],
    [undefined, '–'],
  ])('%s is %s', (value, words) => {
    expect(numberText(value)).toBe(words);
  });

  test('keeps three digits', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 1e5, noNaN: true }), (value) => {
        const read = Number(numberText(value).replaceAll(',', ''));
        expect(Math.abs(read - value)).toBeLessThanOrEqual(value * 0.0051);
      }),
    );
  });
});

test('tickText leaves out zeros that say nothing', () => {
  expect([0, 0.5, 100, 2000, 1e6].map(tickText)).toEqual(['0', '0.5', '100', '2,000', '1 M']);
});

test('quantityText chooses a unit', () => {
  expect(quantityText(0.000_41, 'ms')).toBe('0.41 µs');
  expect(quantityText(1.2, 'ms a frame')).toBe('1.2 ms a frame');
  expect(quantityText(90_000, 'ms')).toBe('90 s');
  expect(quantityText(1 / 1024 / 1024, 'MiB')).toBe('1 bytes');
  expect(quantityText(0, 'ms')).toBe('0 ms');
  expect(quantityText(3, 'frames/s')).toBe('3 frames/s');
});
