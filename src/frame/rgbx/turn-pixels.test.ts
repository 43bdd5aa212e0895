import fc from 'fast-check';
import { expect, test } from 'vitest';
import { turnPixels, type Turn } from './turn-pixels.ts';

const rotations: readonly Turn['rotation'][] = [0, 90, 180, 270];

test('three by two pixels in every turn', () => {
  const pixels = Uint32Array.of(1, 2, 3, 4, 5, 6);
  const turned = rotations.flatMap((rotation) =>
    [false, true].map((flip) => [...turnPixels(pixels, 3, 2, { rotation, flip })]),
  );
  expect(turned).toEqual([
    [1, 2, 3, 4, 5, 6],
    [3, 2, 1, 6, 5, 4],
    [4, 1, 5, 2, 6, 3],
    [1, 4, 2, 5, 3, 6],
    [6, 5, 4, 3, 2, 1],
    [4, 5, 6, 1, 2, 3],
    [3, 6, 2, 5, 1, 4],
    [6, 3, 5, 2, 4, 1],
  ]);
});

test('a turn and the turn back, and two flips, give the picture again', () => {
  const property = fc.property(
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 1, max: 9 }),
    fc.constantFrom(...rotations),
    (width, height, rotation) => {
      const pixels = Uint32Array.from({ length: width * height }, (_, i) => 0x80000000 + i);
      const back = ((360 - rotation) % 360) as Turn['rotation'];
      const isLying = rotation % 180 === 90;
      const [columns, rows] = isLying ? [height, width] : [width, height];
      const turned = turnPixels(pixels, width, height, { rotation, flip: false });
      expect(turnPixels(turned, columns, rows, { rotation: back, flip: false })).toEqual(pixels);
      const mirrored = turnPixels(turned, columns, rows, { rotation: 0, flip: true });
      expect(turnPixels(mirrored, columns, rows, { rotation: 0, flip: true })).toEqual(turned);
    },
  );
  fc.assert(property);
});
