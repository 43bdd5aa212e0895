import fc from 'fast-check';
import { expect, test } from 'vitest';
import { failure } from '../base/errors.test-support.ts';
import { cropFrame } from './crop-frame.ts';
import { pixelFormats } from './pixel-format.ts';
import { allocateFrame } from './plane-layout.ts';

/** Every byte tells its plane, row and column. */
function picture(format: (typeof pixelFormats)[number], width: number, height: number) {
  const frame = allocateFrame(format, width, height, 7);
  frame.data.forEach((plane, index) => {
    plane.forEach((_, at) => {
      plane[at] = 80 * index + 8 * Math.floor(at / frame.linesize[index]!) + (at % frame.linesize[index]!);
    });
  });
  return frame;
}

test('rgb24 counts bytes per pixel, chroma starts at the rounded-up place', () => {
  const rgb = cropFrame(picture('rgb24', 2, 4), { x: 1, y: 2, w: 1, h: 2 });
  expect([...rgb.data[0]!]).toEqual([19, 20, 21, 27, 28, 29]);
  const yuv = cropFrame(picture('yuv420p', 8, 8), { x: 3, y: 2, w: 3, h: 3 });
  expect([...yuv.data[0]!]).toEqual([19, 20, 21, 27, 28, 29, 35, 36, 37]);
  expect([...yuv.data[1]!]).toEqual([90, 91, 98, 99]);
  const nv12 = cropFrame(picture('nv12', 8, 8), { x: 2, y: 0, w: 2, h: 2 });
  expect([...nv12.data[1]!]).toEqual([82, 83]);
});

test('a box at an odd place that reaches the corner repeats the last chroma sample', () => {
  const crop = cropFrame(picture('yuv420p', 4, 4), { x: 1, y: 1, w: 3, h: 3 });
  expect([...crop.data[1]!]).toEqual([89, 89, 89, 89]);
});

test('the whole frame is itself, and other boxes are refused', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...pixelFormats),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
      (format, width, height) => {
        const frame = picture(format, width, height);
        const whole = { x: 0, y: 0, w: width, h: height };
        expect(cropFrame(frame, whole)).toEqual(frame);
        for (const bad of [{ x: 1 }, { y: 1 }, { x: -1 }, { w: 0 }, { h: height + 1 }, { x: 0.5, w: 0.5 }]) {
          expect(failure(() => cropFrame(frame, { ...whole, ...bad })).code).toBe('EINVAL');
        }
      },
    ),
  );
});
