import { expect, test } from 'vitest';
import { detectOptions } from '../detect/detection.test-support.ts';
import { bestClasses } from './best-class.ts';
import type { Candidate } from './candidate.ts';
import { placeCandidates } from './place-candidates.ts';

const frame = { width: 100, height: 50 };
const letterboxed = { width: 64, height: 64, letterbox: { value: 114, place: 'centre' } } as const;
const candidate = (x0: number, y0: number, x1: number, y1: number, confidence = 0.5): Candidate => ({
  edges: { x0, y0, x1, y1 },
  labelId: 1,
  confidence,
});
const place = (candidates: readonly Candidate[], options = {}) =>
  placeCandidates(candidates, detectOptions(options), frame, letterboxed).map(({ x, y, w, h }) => [
    x,
    y,
    w,
    h,
  ]);

test('the nearest pixels of the frame, within it', () => {
  // 64x32 pixels of the picture are the frame, 16 rows lie above it.
  expect(place([candidate(16, 20, 48, 40)])).toEqual([[25, 6, 50, 32]]);
  expect(place([candidate(-9, 0, 99, 64)])).toEqual([[0, 0, 100, 50]]);
});

test('what lies in the bars, has no area, or has no place', () => {
  expect(place([candidate(0, 0, 64, 16), candidate(9, 49, 20, 64)])).toEqual([]);
  expect(place([candidate(9, 20, 9, 30), candidate(20, 30, 10, 20)])).toEqual([]);
  expect(
    place([candidate(NaN, 20, 40, 30), candidate(9, 20, Infinity, 30), candidate(9, -Infinity, 20, 30)]),
  ).toEqual([]);
  expect(
    place([candidate(NaN, NaN, NaN, NaN, 0.9), candidate(16, 20, 48, 40)], { nms: 'sequential' }),
  ).toHaveLength(1);
});

test('exact edges decide what is suppressed, not whole pixels', () => {
  // As pixels of a frame of 100 both are the same box.
  const near = [candidate(10, 20, 10.6, 20.6, 0.9), candidate(10.1, 20.1, 10.7, 20.7, 0.8)];
  const limit = (0.5 * 0.5) / (2 * 0.36 - 0.25);
  expect(place(near, { nms: 'sequential', nmsThreshold: limit + 0.01 })).toHaveLength(2);
  expect(place(near, { nms: 'sequential', nmsThreshold: limit - 0.01 })).toHaveLength(1);
});

test.each([
  ['rows', { rowStep: 3, classStep: 1 }, [0.1, 0.7, 0.7, NaN, 0.2, -1, NaN, NaN, NaN]],
  ['columns', { rowStep: 1, classStep: 3 }, [0.1, NaN, NaN, 0.7, 0.2, NaN, 0.7, -1, NaN]],
])('the best class of %s: the first of equal ones, no class that is no number', (_name, steps, values) => {
  const data = Float32Array.from(values);
  const { labelIds, scores } = bestClasses({ data, rows: 3, classes: 3, start: 0, ...steps });
  expect([...labelIds]).toEqual([1, 1, 0]);
  expect([...scores]).toEqual([Math.fround(0.7), Math.fround(0.2), -Infinity]);
});
