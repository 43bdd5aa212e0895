import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeLabels } from './place-labels.mjs';

const area = { width: 220, height: 280 };

test('placeLabels never lets a label cover another, and leaves out what has no room', () => {
  const points = fc.array(
    fc.record({ x: fc.integer({ min: 0, max: 220 }), y: fc.integer({ min: 20, max: 270 }) }),
    {
      maxLength: 40,
    },
  );
  fc.assert(
    fc.property(points, (some) => {
      const labels = some.map((_, index) => String(index + 1));
      const boxes = placeLabels(some, labels, area).flatMap((place, index) => {
        if (place === undefined) return [];
        const left = some[index]!.x + place.x;
        const bottom = some[index]!.y + place.y;
        return [{ left, right: left + 7 * labels[index]!.length, top: bottom - 12, bottom }];
      });
      for (const [index, one] of boxes.entries())
        for (const other of boxes.slice(index + 1)) {
          const apart =
            // Places are whole pixels.
            one.right <= other.left + 1 ||
            other.right <= one.left + 1 ||
            one.bottom <= other.top ||
            other.bottom <= one.top;
          expect(apart).toBe(true);
        }
    }),
  );
  const crowd = Array.from({ length: 30 }, () => ({ x: 100, y: 100 }));
  const placed = placeLabels(
    crowd,
    crowd.map((_, index) => String(index)),
    area,
  );
  expect(placed.filter((place) => place !== undefined).length).toBeLessThan(5);
});
