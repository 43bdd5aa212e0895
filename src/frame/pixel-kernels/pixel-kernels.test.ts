import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { autoRgb24 } from '../packed-rgb/auto-rgb24.ts';
import { KernelUnscaledYuv } from '../packed-rgb/kernel-unscaled-yuv.ts';
import { UnscaledYuv } from '../packed-rgb/unscaled-yuv.ts';
import { autoYuv } from '../planar-yuv/auto-yuv.ts';
import { frameFromBuffer, frameLayout } from '../plane-layout.ts';
import { PixelKernels } from './pixel-kernels.ts';
import { testPixelKernels } from './pixel-kernels.test-support.ts';

let kernels: PixelKernels;
beforeAll(async () => {
  kernels = await testPixelKernels();
}, 60_000);

const matrix = fc.constantFrom(undefined, 'bt709', 'fcc', 'smpte240m', 'bt2020nc');
/** Bytes with runs of the lowest and the highest levels, where sums are cut. */
const picture = (bytes: number, seed: number): Uint8Array<ArrayBuffer> => {
  let state = seed | 1;
  return Uint8Array.from({ length: bytes }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    const level = state >>> 22;
    return level < 256 ? level : level < 512 ? 0 : level < 768 ? 255 : level >> 3;
  });
};

/** Index of the first byte that differs; of large arrays a matcher takes seconds. */
function firstDifference(a: Uint8Array, b: Uint8Array): number {
  return a.length === b.length
    ? a.findIndex((byte, index) => byte !== b[index])
    : Math.min(a.length, b.length);
}

const size = fc.record({ width: fc.integer({ min: 1, max: 70 }), height: fc.integer({ min: 1, max: 40 }) });

test('rgb24 becomes the yuv420p that it becomes without kernels, in any size', () => {
  fc.assert(
    fc.property(size, matrix, fc.integer(), ({ width, height }, tag, seed) => {
      const rgb = picture(3 * width * height, seed);
      const slow = autoYuv('rgb24', 'yuv420p', { width, height }, tag)!;
      const fast = autoYuv('rgb24', 'yuv420p', { width, height }, tag, kernels)!;
      for (let again = 0; again < 2; again++)
        expect(firstDifference(fast.convert(rgb), slow.convert(rgb))).toBe(-1);
    }),
  );
});

test('yuv420p and yuv422p become the rgb24 that they become without kernels, in any size', () => {
  const format = fc.constantFrom('yuv420p' as const, 'yuv422p' as const);
  const range = fc.constantFrom('tv', 'pc');
  fc.assert(
    fc.property(size, format, matrix, range, fc.integer(), (half, of, colorSpace, colorRange, seed) => {
      const { width, height } = { ...half, height: 2 * half.height };
      const { buffer } = picture(frameLayout(of, width, height).size, seed);
      const frame = frameFromBuffer(of, width, height, 0, buffer);
      const converted = [undefined, kernels].map((used) => {
        const rgb = new Uint8Array(3 * width * height);
        autoRgb24(of, { width, height }, { colorSpace, colorRange }, used)!.convert(frame, rgb);
        return rgb;
      });
      expect(firstDifference(converted[1]!, converted[0]!)).toBe(-1);
    }),
  );
});

test('every luma with every chroma', () => {
  const [width, height] = [512, 256];
  const buffer = new ArrayBuffer(frameLayout('yuv420p', width, height).size);
  const frame = frameFromBuffer('yuv420p', width, height, 0, buffer);
  const [luma, chromaU, chromaV] = frame.data;
  luma!.forEach((_, i) => (luma![i] = (i >> 1) & 255));
  for (let i = 0; i < 256 * 128; i++) [chromaU![i], chromaV![i]] = [2 * (i >> 8), 255 - 2 * (i >> 8)];
  for (const order of ['rgb', 'bgr'] as const) {
    const [slow, fast] = [new Uint8Array(3 * width * height), new Uint8Array(3 * width * height)];
    new UnscaledYuv(width, 1, order).convert(frame, slow);
    new KernelUnscaledYuv(kernels, 1, order).convert(frame, fast);
    expect(firstDifference(fast, slow)).toBe(-1);
  }
});

test('large frames go through in strips, and the memory serves frames of any size after each other', () => {
  for (const [width, height] of [
    [1918, 130],
    [32, 18],
    [1030, 203],
  ] as const) {
    const rgb = picture(3 * width * height, width);
    const slow = autoYuv('rgb24', 'yuv420p', { width, height })!.convert(rgb);
    const fast = autoYuv('rgb24', 'yuv420p', { width, height }, undefined, kernels)!.convert(rgb);
    expect(firstDifference(fast, slow)).toBe(-1);
  }
});

test('an engine without SIMD has no kernels', async () => {
  expect(await PixelKernels.load(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 255))).toBeUndefined();
});
