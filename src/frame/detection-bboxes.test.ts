import { expect, test } from 'vitest';
import { confidenceOf } from './detection-bboxes.ts';

test.each([
  [1, 10000],
  [0.5, 5000],
  // The float32 of 0.9 is 0.899999976, its product with 10000 as float32 is 9000 again.
  [0.9, 9000],
  [0.99999, 9999],
  [0.12349, 1234],
  [0, 0],
  [-0.00001, 0],
  [-2, 0],
  [NaN, 0],
  [Infinity, 2147483647],
  [1e30, 2147483647],
])('%d is %d / 10000', (value, num) => {
  expect(confidenceOf(value)).toEqual({ num, den: 10000 });
  expect(Object.is(confidenceOf(value).num, -0)).toBe(false);
});
