import { expect, test } from 'vitest';
import { boxOfPixels, boxOfShares, isConfident } from './bounding-box.ts';

const frame = { width: 100, height: 50 };
const finding = { labelId: 1, confidence: 0.75 };
const shares = (x0: number, y0: number, x1: number, y1: number): number[] => {
  const { x, y, w, h } = boxOfShares({ x0, y0, x1, y1 }, frame, finding, []);
  return [x, y, w, h];
};
const pixels = (x0: number, y0: number, x1: number, y1: number): number[] => {
  const { x, y, w, h } = boxOfPixels({ x0, y0, x1, y1 }, frame, finding, []);
  return [x, y, w, h];
};

test('of shares: each edge is cut by itself', () => {
  expect(shares(0.109, 0.1, 0.201, 0.9)).toEqual([10, 5, 10, 40]);
  // 10.6 to 20.4 are 9.8 pixels, but 10 to 20 are 10.
  expect(shares(0.106, 0, 0.204, 1)).toEqual([10, 0, 10, 50]);
});

test('of shares: float32, where 0.29 * 100 is 29 and not 28', () => {
  expect(Math.trunc(0.29 * 100)).toBe(28);
  expect(shares(0.29, 0, 1, 1)[0]).toBe(29);
});

test('of shares: cut toward zero, beyond the frame', () => {
  expect(shares(-0.019, -0.5, 1.5, 0.019)).toEqual([-1, -25, 151, 25]);
  expect(shares(-0.005, -0.001, 0, 0)).toEqual([0, 0, 0, 0]);
  expect(Object.is(shares(-0.005, 0, 0, 0)[0], 0)).toBe(true);
});

test('of pixels: the extent is cut, not the far edge', () => {
  expect(pixels(10.6, 0.5, 20.4, 9.5)).toEqual([10, 0, 9, 9]);
  expect(pixels(-10.6, -0.9, 20.4, 0)).toEqual([-10, 0, 31, 0]);
});

test.each([
  ['shares', shares, 1000],
  ['pixels', pixels, 100000],
])('of %s: limits, crossed edges, and what is no number', (_name, make, far) => {
  expect(make(-far, -far, far, far)).toEqual([-100, -50, 300, 150]);
  expect(make(far, far, -far, -far)).toEqual([200, 100, 0, 0]);
  expect(make(-Infinity, 0, Infinity, 0)).toEqual([-100, 0, 300, 0]);
  expect(make(NaN, NaN, NaN, NaN)).toEqual([0, 0, 0, 0]);
});

test('what a box says beside its place', () => {
  const edges = { x0: 0, y0: 0, x1: 1, y1: 1 };
  expect(boxOfShares(edges, frame, finding, ['cat', 'dog'])).toEqual({
    x: 0,
    y: 0,
    w: 100,
    h: 50,
    detectLabel: 'dog',
    detectConfidence: { num: 7500, den: 10000 },
    classifications: [],
  });
  expect(boxOfPixels(edges, frame, { labelId: 2, confidence: 1 }, ['cat', 'dog']).detectLabel).toBe('2');
  expect(boxOfPixels(edges, frame, { labelId: -1, confidence: 1 }, ['cat']).detectLabel).toBe('-1');
});

test('the threshold is a float32 and is reached by its equal', () => {
  expect(isConfident(Math.fround(0.6), 0.6)).toBe(true);
  expect(isConfident(Math.fround(0.6) - 1e-7, 0.6)).toBe(false);
  expect([NaN, Infinity, -Infinity].map((value) => isConfident(value, 0))).toEqual([false, false, false]);
  expect(isConfident(0, 0)).toBe(true);
});
