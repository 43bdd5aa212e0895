import { gatherND, tensor2d, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { startNodeRuntime } from '../node-runtime.test-support.ts';

beforeAll(async () => {
  await startNodeRuntime();
});

const gather = (rows: [number, number][]): Tensor =>
  gatherND(tensor2d([1, 2, 3, 4, 5, 6], [2, 3]), tensor2d(rows, [rows.length, 2], 'int32'));

it('gives the values', () => {
  tidy(() => {
    expect([
      ...gather([
        [1, 0],
        [0, 2],
      ]).dataSync(),
    ]).toEqual([4, 3]);
  });
});

it.each<[[number, number], string]>([
  [[2, 0], 'index 2 of axis 0 is not below 2'],
  [[0, 3], 'index 3 of axis 1 is not below 3'],
  [[-1, 0], 'index -1 of axis 0'],
])('refuses %j', (index, message) => {
  expect(() => tidy(() => gather([[1, 2], index]))).toThrow(message);
});
