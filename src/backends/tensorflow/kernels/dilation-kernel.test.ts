import { dilation2d, tensor3d, tensor4d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { startNodeRuntime } from '../node-runtime.test-support.ts';

beforeAll(async () => {
  await startNodeRuntime();
});

it('gives sums below 0, and nothing of the padding', () => {
  tidy(() => {
    const x = tensor4d([-9, -2, -7, -4, -5, -6, -3, -8, -1], [1, 3, 3, 1]);
    const filter = tensor3d([0, -1, -1, -3], [2, 2, 1]);
    expect([...dilation2d(x, filter, 1, 'valid').dataSync()]).toEqual([-3, -2, -4, -4]);
    // The window of the last column and row holds one pixel.
    expect([...dilation2d(x, filter, 2, 'same').dataSync()]).toEqual([-3, -7, -3, -1]);
  });
});

it('of two channels, with a dilation', () => {
  tidy(() => {
    const x = tensor4d([1, -1, 5, -5, 3, -3, 4, -4], [1, 1, 4, 2]);
    const filter = tensor3d([0, -10, 1, -20], [1, 2, 2]);
    expect([...dilation2d(x, filter, 1, 'valid', [1, 2]).dataSync()]).toEqual([4, -11, 5, -15]);
  });
});
