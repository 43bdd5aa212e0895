import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DetectionBBox } from '../../frame/detection-bboxes.ts';
import { intersectionOverUnion, suppressBoxes } from './suppress-boxes.ts';

function box(x: number, w: number, num: number, detectLabel = 'a'): DetectionBBox {
  return { x, y: 0, w, h: 10, detectLabel, detectConfidence: { num, den: 10000 }, classifications: [] };
}

describe('intersectionOverUnion', () => {
  test('of boxes that overlap, touch, hold each other, are apart', () => {
    expect(intersectionOverUnion(box(0, 10, 1), box(5, 10, 1))).toBe(Math.fround(1 / 3));
    expect(intersectionOverUnion(box(0, 10, 1), box(10, 10, 1))).toBe(0);
    expect(intersectionOverUnion(box(0, 10, 1), box(2, 5, 1))).toBe(0.5);
    expect(intersectionOverUnion(box(0, 10, 1), box(30, 10, 1))).toBe(0);
    expect(intersectionOverUnion(box(-5, 10, 1), box(-5, 10, 1))).toBe(1);
  });

  test('boxes apart in both directions have no overlap', () => {
    expect(intersectionOverUnion({ x: 0, y: 0, w: 2, h: 2 }, { x: 9, y: 9, w: 2, h: 2 })).toBe(0);
  });

  test('boxes without area overlap nothing', () => {
    expect(intersectionOverUnion(box(0, 0, 1), box(0, 0, 1))).toBe(0);
    expect(intersectionOverUnion(box(0, 0, 1), box(-5, 10, 1))).toBe(0);
  });
});

describe('suppressBoxes', () => {
  // Neighbours overlap by 6 of 14 pixels, the outer ones by 2 of 18.
  const chain = [box(0, 10, 7000), box(4, 10, 8000), box(8, 10, 9000)];

  test('label: a box that goes suppresses all the same', () => {
    expect(suppressBoxes(chain, { nms: 'label', nmsThreshold: 0.4 })).toEqual([chain[2]]);
  });

  test('sequential: it does not', () => {
    expect(suppressBoxes(chain, { nms: 'sequential', nmsThreshold: 0.4 })).toEqual([chain[0], chain[2]]);
  });

  test('none', () => {
    expect(suppressBoxes(chain, { nms: 'none', nmsThreshold: 0 })).toEqual(chain);
  });

  test('the threshold is reached by its equal', () => {
    const [one, other] = [box(0, 10, 2), box(0, 5, 1)];
    expect(suppressBoxes([one, other], { nms: 'label', nmsThreshold: 0.5 })).toEqual([one]);
    expect(suppressBoxes([one, other], { nms: 'label', nmsThreshold: 0.51 })).toEqual([one, other]);
  });

  test('boxes of equal confidence: label keeps both, sequential the first', () => {
    const twins = [box(0, 10, 5000), box(1, 10, 5000)];
    expect(suppressBoxes(twins, { nms: 'label', nmsThreshold: 0.5 })).toEqual(twins);
    expect(suppressBoxes(twins, { nms: 'sequential', nmsThreshold: 0.5 })).toEqual([twins[0]]);
  });

  test('boxes of other labels are left alone; the order stays', () => {
    const boxes = [box(0, 10, 1), box(0, 10, 9, 'b'), box(0, 10, 3)];
    expect(suppressBoxes(boxes, { nms: 'sequential', nmsThreshold: 0.5 })).toEqual([boxes[1], boxes[2]]);
  });

  const anyBox = fc
    .tuple(
      fc.integer({ min: -20, max: 20 }),
      fc.integer({ min: 0, max: 20 }),
      fc.nat(4),
      fc.constantFrom('a', 'b'),
    )
    .map(([x, w, num, label]) => box(x, w, num, label));

  test('FFmpeg: a box stays exactly where no better box of its label overlaps it', () => {
    fc.assert(
      fc.property(fc.array(anyBox), fc.double({ min: 0, max: 1, noNaN: true }), (boxes, nmsThreshold) => {
        const expected = boxes.filter(
          (one) =>
            !boxes.some(
              (other) =>
                one.detectLabel === other.detectLabel &&
                one.detectConfidence.num < other.detectConfidence.num &&
                intersectionOverUnion(one, other) >= Math.fround(nmsThreshold),
            ),
        );
        expect(suppressBoxes(boxes, { nms: 'label', nmsThreshold })).toEqual(expected);
      }),
    );
  });

  test.each(['label', 'sequential'] as const)('%s: a second time changes nothing', (nms) => {
    fc.assert(
      fc.property(fc.array(anyBox), fc.double({ min: 0, max: 1, noNaN: true }), (boxes, nmsThreshold) => {
        const once = suppressBoxes(boxes, { nms, nmsThreshold });
        expect(suppressBoxes(once, { nms, nmsThreshold })).toEqual(once);
        expect(once.length > 0).toBe(boxes.length > 0);
      }),
    );
  });
});
