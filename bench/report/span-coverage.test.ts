import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { coverageRects, disjoint, spanCoverage } from './span-coverage.mjs';

const spans = fc.array(
  fc
    .tuple(fc.double({ min: 0, max: 1000, noNaN: true }), fc.double({ min: 0, max: 100, noNaN: true }))
    .map(([start, length]) => ({ start, end: Math.min(1000, start + length) })),
  { maxLength: 50 },
);

describe('spanCoverage', () => {
  test('keeps the time that was worked', () => {
    fc.assert(
      fc.property(spans, fc.integer({ min: 1, max: 300 }), (some, columns) => {
        const coverage = spanCoverage(some, { from: 0, to: 1000, columns });
        const worked = disjoint(some).reduce((sum, { start, end }) => sum + end - start, 0);
        const drawn = coverage.reduce((sum, share) => sum + share, 0) * (1000 / columns);
        expect(drawn).toBeCloseTo(worked, 5);
      }),
    );
  });

  test('shows what is inside the window only', () => {
    expect(spanCoverage([{ start: -5, end: 15 }], { from: 0, to: 40, columns: 4 })).toEqual([1, 0.5, 0, 0]);
  });
});

test('coverageRects joins neighbours of one height and keeps what is short', () => {
  expect(coverageRects([0, 1, 1, 0.01, 0, 0.5, 0.5], 4)).toEqual([
    { column: 1, columns: 2, level: 4 },
    { column: 3, columns: 1, level: 1 },
    { column: 5, columns: 2, level: 2 },
  ]);
});
