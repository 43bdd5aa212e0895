import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Coverage } from './coverage.ts';
import { timelineRectangles, timelineTicks } from './timeline-rectangles.ts';

describe('timelineRectangles', () => {
  test('draws one rectangle for work without a pause, however many spans it has', () => {
    const coverage = new Coverage(0, 10, 100);
    for (let start = 200; start < 600; start += 1) coverage.add({ start, end: start + 1 });
    expect(timelineRectangles(coverage, 0, 1000)).toEqual([{ x: 0.2, width: 0.4, height: 1 }]);
  });

  test('shows by the height that a lane waited in between', () => {
    const coverage = new Coverage(0, 10, 100);
    for (let start = 0; start < 1000; start += 2) coverage.add({ start, end: start + 1 });
    expect(timelineRectangles(coverage, 0, 1000)).toEqual([{ x: 0, width: 1, height: 0.5 }]);
  });

  test('stays inside the picture, in order, and draws no more than there are pieces', () => {
    const spans = fc.array(
      fc.tuple(fc.nat(5000), fc.nat(300)).map(([start, length]) => ({ start, end: start + length })),
    );
    fc.assert(
      fc.property(spans, fc.integer({ min: 1, max: 200 }), (some, pieces) => {
        const coverage = new Coverage(1000, 2000 / pieces, pieces);
        for (const one of some) coverage.add(one);
        const rectangles = timelineRectangles(coverage, 1500, 2500);
        expect(rectangles.length).toBeLessThanOrEqual(pieces);
        let end = 0;
        for (const { x, width, height } of rectangles) {
          expect(x).toBeGreaterThanOrEqual(end - 1e-9);
          expect(height).toBeGreaterThan(0);
          expect(height).toBeLessThanOrEqual(1);
          end = x + width;
        }
        expect(end).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  });
});

test('timelineTicks are round seconds inside the window', () => {
  expect(timelineTicks(0, 10_000)).toEqual([0, 5, 10]);
  expect(timelineTicks(3_300, 13_300)).toEqual([5, 10]);
  expect(timelineTicks(0, 700)).toEqual([0, 0.2, 0.4, 0.6]);
  expect(timelineTicks(0, 3_600_000)).toEqual([0, 1000, 2000, 3000]);
});
