import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AnalyticsInput, Letterbox } from './analytics-spec.ts';
import { contentOf, pictureSize } from './letterbox.ts';

const grey: Letterbox = { value: 114, place: 'centre' };
const below: Letterbox = { value: 114, place: 'start' };
const sides = fc.integer({ min: 1, max: 2000 });

describe('contentOf', () => {
  const model = { width: 640, height: 640 };
  test('bars on both sides, below, or none', () => {
    const wide = { width: 1920, height: 1080 };
    expect(contentOf(wide, { ...model, letterbox: grey })).toEqual({ x: 0, y: 140, width: 640, height: 360 });
    expect(contentOf(wide, { ...model, letterbox: below })).toEqual({ x: 0, y: 0, width: 640, height: 360 });
    expect(contentOf(wide, model)).toEqual({ x: 0, y: 0, ...model });
  });

  test('a portrait frame of odd size: the odd column is on the right', () => {
    const frame = { width: 333, height: 1001 };
    const content = contentOf(frame, { ...model, letterbox: grey });
    expect(content).toEqual({ x: 213, y: 0, width: 213, height: 640 });
    // 212.9 pixels: YOLOX cuts where Ultralytics rounds.
    expect(contentOf(frame, { ...model, letterbox: below }).width).toBe(212);
  });

  test('it lies in the picture, touches two of its sides, and keeps the aspect ratio to a pixel', () => {
    fc.assert(
      fc.property(
        sides,
        sides,
        sides,
        sides,
        fc.constantFrom(grey, below),
        (fw, fh, width, height, letterbox) => {
          const { x, y, ...content } = contentOf({ width: fw, height: fh }, { width, height, letterbox });
          expect(x >= 0 && y >= 0 && x + content.width <= width && y + content.height <= height).toBe(true);
          expect(content.width === width || content.height === height).toBe(true);
          const ratio = Math.min(width / fw, height / fh);
          expect(Math.abs(content.width - Math.max(fw * ratio, 1))).toBeLessThanOrEqual(1);
          expect(Math.abs(content.height - Math.max(fh * ratio, 1))).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});

describe('pictureSize', () => {
  const any: AnalyticsInput = { width: -1, height: -1, channels: 3, order: 'rgb', mean: 0, scale: 1 };
  const yolo: AnalyticsInput = { ...any, openSize: { longest: 640, multiple: 32 } };
  test('of a model that takes any: the frame, or scaled down to whole multiples', () => {
    expect(pictureSize({ width: 33, height: 7 }, any)).toEqual({ width: 33, height: 7 });
    expect(pictureSize({ width: 1920, height: 1080 }, yolo)).toEqual({ width: 640, height: 384 });
    expect(pictureSize({ width: 608, height: 1080 }, yolo)).toEqual({ width: 384, height: 640 });
    expect(pictureSize({ width: 100, height: 33 }, yolo)).toEqual({ width: 128, height: 64 });
  });

  test("the model's own sides stay", () => {
    expect(pictureSize({ width: 9, height: 9 }, { ...yolo, width: 416, height: 320 })).toEqual({
      width: 416,
      height: 320,
    });
  });
});
