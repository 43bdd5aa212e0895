import { expect, test } from 'vitest';
import { ownPixels, packedOrder, type PackedFrame } from './packed-frame.ts';

/** Two pixels, as an engine gives them. */
function frameOf(format: VideoPixelFormat, bytes: readonly number[]): PackedFrame {
  return {
    format,
    copyTo: (target, options) => {
      expect(options).toEqual({ layout: [{ offset: 0, stride: 8 }] });
      new Uint8Array(target as ArrayBuffer).set(bytes);
      return Promise.resolve([{ offset: 0, stride: 8 }]);
    },
  };
}

async function read(format: VideoPixelFormat, bytes: readonly number[]) {
  const { pixels, hasTransparency } = await ownPixels(frameOf(format, bytes), 2, new ArrayBuffer(8));
  return [[...new Uint8Array(pixels.buffer)], hasTransparency];
}

test('colours come as they are stored, whatever alpha is', async () => {
  expect(await read('RGBA', [255, 128, 3, 2, 255, 128, 3, 0])).toEqual([
    [255, 128, 3, 2, 255, 128, 3, 0],
    true,
  ]);
  expect(await read('BGRA', [3, 128, 255, 127, 1, 2, 3, 255])).toEqual([
    [255, 128, 3, 127, 3, 2, 1, 255],
    true,
  ]);
  expect(await read('BGRA', [3, 128, 255, 255, 1, 2, 3, 255])).toEqual([
    [255, 128, 3, 255, 3, 2, 1, 255],
    false,
  ]);
});

test('the byte beside opaque colours says nothing', async () => {
  expect(await read('RGBX', [1, 2, 3, 0, 4, 5, 6, 7])).toEqual([[1, 2, 3, 0, 4, 5, 6, 7], false]);
  expect(await read('BGRX', [3, 2, 1, 0, 6, 5, 4, 255])).toEqual([[1, 2, 3, 0, 4, 5, 6, 255], false]);
});

test('other formats are not packed', () => {
  for (const format of ['I420', 'I420A', 'I444', 'NV12', null] as const)
    expect(packedOrder(format)).toBeUndefined();
});
