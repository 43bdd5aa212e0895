import { expect, test } from 'vitest';
import { shapeOf, shownSize, type ShapedFrame } from './frame-shape.ts';

/** What Chromium 156 tells of clips whose stored picture is 160x120. */
const clips: readonly (readonly [
  name: string,
  frame: Omit<ShapedFrame, 'visibleRect'>,
  size: readonly [number, number],
  doubled: readonly [number, number],
])[] = [
  ['square pixels', { displayWidth: 160, displayHeight: 120 }, [160, 120], [320, 240]],
  ['wide pixels, 4:3', { displayWidth: 213, displayHeight: 120, rotation: 0 }, [160, 120], [426, 240]],
  ['narrow pixels, 3:4', { displayWidth: 160, displayHeight: 160 }, [160, 120], [320, 320]],
  ['a quarter turn', { displayWidth: 120, displayHeight: 160, rotation: 90 }, [120, 160], [240, 320]],
  ['both', { displayWidth: 120, displayHeight: 213, rotation: 270 }, [120, 160], [240, 426]],
  ['half a turn', { displayWidth: 213, displayHeight: 120, rotation: 180 }, [160, 120], [426, 240]],
];

test.each(clips)(
  '%s: filters get the stored pixels, the canvas those of <video>',
  (_, frame, size, doubled) => {
    const shape = shapeOf({ ...frame, visibleRect: { width: 160, height: 120 } });
    const { width, height, stretch } = shape;
    expect([shape.storedWidth, shape.storedHeight]).toEqual([160, 120]);
    expect([width, height]).toEqual(size);
    expect(shape.isUpright).toBe((frame.rotation ?? 0) === 0);
    expect(shownSize(width, height, stretch)).toEqual([frame.displayWidth, frame.displayHeight]);
    expect(shownSize(2 * width, 2 * height, stretch)).toEqual(doubled);
  },
);

test('a frame that tells no pixels is of those that are shown; a mirrored one is not upright', () => {
  const lying = { visibleRect: null, displayWidth: 90, displayHeight: 160, rotation: 90, flip: true };
  expect(shapeOf(lying)).toEqual({
    ...{ storedWidth: 160, storedHeight: 90, width: 90, height: 160 },
    ...{ turn: { rotation: 90, flip: true }, isUpright: false, stretch: { x: 1, y: 1 } },
  });
  expect(shapeOf({ ...lying, rotation: 0 })).toMatchObject({ width: 90, height: 160, isUpright: false });
});

test('nothing is drawn smaller than a pixel', () => {
  expect(shownSize(1, 1, { x: 0.1, y: 1 })).toEqual([1, 1]);
});
