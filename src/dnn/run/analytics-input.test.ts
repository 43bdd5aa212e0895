import { describe, expect, test } from 'vitest';
import type { Frame } from '../../frame/frame.ts';
import type { PixelFormat } from '../../frame/pixel-format.ts';
import { packedRgbConverter } from '../../frame/packed-rgb/packed-rgb.ts';
import { frameFromBuffer } from '../../frame/plane-layout.ts';
import { fillAnalyticsInput } from './analytics-input.ts';
import type { AnalyticsInput } from '../contract/analytics-spec.ts';

const plain: AnalyticsInput = { width: 2, height: 1, channels: 3, order: 'rgb', mean: 0, scale: 1 };

function frameOf(format: PixelFormat, width: number, height: number, bytes: readonly number[]): Frame {
  return frameFromBuffer(format, width, height, 0, Uint8Array.from(bytes).buffer);
}

function tensorOf(frame: Frame, input: AnalyticsInput): number[] {
  const target = new Float32Array(input.width * input.height * input.channels);
  fillAnalyticsInput(frame, input, target, 0);
  return [...target];
}

test('bytes are values 0..255 in the order that the backend of FFmpeg gives', () => {
  const frame = frameOf('rgb24', 2, 1, [1, 2, 3, 253, 254, 255]);
  expect(tensorOf(frame, plain)).toEqual([1, 2, 3, 253, 254, 255]);
  expect(tensorOf(frame, { ...plain, order: 'bgr' })).toEqual([3, 2, 1, 255, 254, 253]);
  expect(tensorOf(frameOf('bgr24', 2, 1, [1, 2, 3, 253, 254, 255]), plain)).toEqual([3, 2, 1, 255, 254, 253]);
});

test('mean and scale apply in float32', () => {
  const frame = frameOf('rgb24', 2, 1, [0, 255, 10, 20, 30, 40]);
  expect(tensorOf(frame, { ...plain, mean: 127.5, scale: 127.5 }).slice(0, 2)).toEqual([-1, 1]);
  expect(tensorOf(frame, { ...plain, scale: 255 })[2]).toBe(Math.fround(10 / 255));
  expect(tensorOf(frame, { ...plain, mean: 0.1, scale: 0.3 })[5]).toBe(
    Math.fround(Math.fround(40 - Math.fround(0.1)) / Math.fround(0.3)),
  );
  expect(tensorOf(frame, plain)).toEqual([0, 255, 10, 20, 30, 40]);
});

test('one channel is full-range luma of the packed pixels', () => {
  const frame = frameOf('rgb24', 4, 1, [255, 255, 255, 255, 0, 0, 0, 255, 0, 0, 0, 255]);
  const input: AnalyticsInput = { ...plain, width: 4, channels: 1 };
  expect(tensorOf(frame, input)).toEqual([255, 76, 150, 29]);
  expect(tensorOf(frame, { ...input, order: 'bgr', mean: 5, scale: 2 })).toEqual([125, 35.5, 72.5, 12]);
  // Gray keeps its levels; limited-range YUV is widened: 16 is black, 235 white.
  expect(tensorOf(frameOf('gray', 4, 1, [0, 1, 128, 255]), input)).toEqual([0, 1, 128, 255]);
  expect(tensorOf(frameOf('yuv444p', 2, 1, [16, 235, 128, 128, 128, 128]), { ...input, width: 2 })).toEqual([
    0, 255,
  ]);
});

test('writes its own part of the target only', () => {
  const target = new Float32Array(10).fill(7);
  fillAnalyticsInput(frameOf('gray', 1, 1, [9]), plain, target, 2);
  expect([...target]).toEqual([7, 7, 9, 9, 9, 9, 9, 9, 7, 7]);
});

test('frames of many sizes in turn get the pixels that they get alone', () => {
  const frames = Array.from({ length: 12 }, (_, i) => {
    const [width, height] = [9 + i, 20 - i];
    return frameOf(
      'rgb24',
      width,
      height,
      Array.from({ length: 3 * width * height }, (_, at) => (at * at) % 251),
    );
  });
  const input: AnalyticsInput = { ...plain, width: 10, height: 7 };
  const once = frames.map((frame) => tensorOf(frame, input));
  expect(once[0]).not.toEqual(once[1]);
  const again = [...frames].reverse().map((frame) => tensorOf(frame, input));
  expect(again.reverse()).toEqual(once);
  // The next size may differ in one number only, and larger tensors need more memory.
  for (const other of [
    { ...input, width: 11 },
    { ...input, height: 8 },
    { ...input, order: 'bgr' as const },
  ]) {
    const expected = new Uint8Array(3 * other.width * other.height);
    packedRgbConverter('rgb24', frames[0]!, other, other.order).convert(frames[0]!, expected);
    expect(tensorOf(frames[0]!, other)).toEqual([...expected]);
  }
  expect(tensorOf(frames[0]!, input)).toEqual(once[0]);
});

test('each channel has its own mean and scale', () => {
  const frame = frameOf('rgb24', 2, 1, [10, 20, 30, 40, 50, 60]);
  const input: AnalyticsInput = { ...plain, order: 'bgr', mean: [30, 20, 10], scale: [1, 2, 5] };
  expect(tensorOf(frame, input)).toEqual([0, 0, 0, 30, 15, 6]);
});

describe('letterbox', () => {
  const many = (count: number, value: number): number[] => Array.from({ length: count }, () => value);
  const white = (width: number, height: number): Frame =>
    frameOf('gray', width, height, many(width * height, 255));
  const tensor = (
    frame: Frame,
    width: number,
    height: number,
    place: 'centre' | 'start',
    channels: 1 | 3 = 1,
  ) => tensorOf(frame, { ...plain, width, height, channels, letterbox: { value: 114, place } });

  test('bars above and below, the odd one below', () => {
    expect(tensor(white(8, 4), 4, 5, 'centre')).toEqual([...many(4, 114), ...many(8, 255), ...many(8, 114)]);
    expect(tensor(white(8, 4), 4, 5, 'start')).toEqual([...many(8, 255), ...many(12, 114)]);
  });

  test('bars left and right, the odd one right, of three channels', () => {
    const line = (left: number, right: number) => [
      ...many(3 * left, 114),
      ...many(6, 255),
      ...many(3 * right, 114),
    ];
    expect(tensor(white(4, 8), 5, 4, 'centre', 3)).toEqual(
      Array.from({ length: 4 }, () => line(1, 2)).flat(),
    );
    expect(tensor(white(4, 8), 5, 4, 'start', 3)).toEqual(Array.from({ length: 4 }, () => line(0, 3)).flat());
  });

  test('bars pass through mean and scale, and nothing of an earlier frame stays', () => {
    const input: AnalyticsInput = {
      ...plain,
      width: 4,
      height: 4,
      mean: 14,
      scale: [1, 2, 4],
      letterbox: { value: 114, place: 'centre' },
    };
    const target = new Float32Array(3 * 16 + 2).fill(7);
    fillAnalyticsInput(white(8, 8), { ...input, mean: 0 }, target, 1);
    fillAnalyticsInput(white(8, 4), input, target, 1);
    expect([...target.subarray(0, 4)]).toEqual([7, 100, 50, 25]);
    expect(target.at(-1)).toBe(7);
    expect([...target.subarray(1 + 3 * 4, 1 + 3 * 4 + 3)]).toEqual([241, 120.5, 60.25]);
  });
});
