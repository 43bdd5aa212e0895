import { expect, test } from 'vitest';
import { rowsInside, samePadding, tapsInside } from './conv2d-geometry.ts';

// From TensorFlow's GetWindowedOutputSize: the odd pixel of padding stands behind.
test.each([
  { input: 5, output: 5, taps: 3, stride: 1, dilation: 1, before: 1 },
  { input: 4, output: 4, taps: 2, stride: 1, dilation: 1, before: 0 },
  { input: 4, output: 4, taps: 4, stride: 1, dilation: 1, before: 1 },
  { input: 4, output: 2, taps: 3, stride: 2, dilation: 1, before: 0 },
  { input: 5, output: 3, taps: 3, stride: 2, dilation: 1, before: 1 },
  { input: 9, output: 9, taps: 3, stride: 1, dilation: 4, before: 4 },
  { input: 6, output: 3, taps: 1, stride: 2, dilation: 1, before: 0 },
])('SAME padding of $taps taps over $input values at stride $stride', (row) => {
  expect(samePadding(row.input, row.output, row.taps, row.stride, row.dilation)).toBe(row.before);
});

test('rows and taps stay within the image', () => {
  const axis = { taps: 3, stride: 1, dilation: 2, first: -2, input: 6, output: 6 };
  expect(tapsInside(axis, 0)).toEqual({ from: 1, to: 3, position: 0 });
  expect(tapsInside(axis, 3)).toEqual({ from: 0, to: 3, position: 1 });
  expect(tapsInside(axis, 5)).toEqual({ from: 0, to: 2, position: 3 });
  expect(rowsInside(axis, 0, 2)).toEqual({ from: 0, to: 4 });
  expect(rowsInside({ ...axis, first: -9 }, 0, 1)).toEqual({ from: 0, to: 0 });
});
