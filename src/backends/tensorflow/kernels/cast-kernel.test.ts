import { cast, memory, tensor1d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { startNodeRuntime } from '../node-runtime.test-support.ts';

beforeAll(async () => {
  await startNodeRuntime();
});

it('makes true of everything but 0', () => {
  tidy(() => {
    const floats = tensor1d([0, -0, 0.25, -0.5, 1, 256, NaN, Infinity]);
    expect([...cast(floats, 'bool').dataSync()]).toEqual([0, 0, 1, 1, 1, 1, 1, 1]);
    const ints = tensor1d([0, 1, -1, 256, 512], 'int32');
    expect([...cast(ints, 'bool').dataSync()]).toEqual([0, 1, 1, 1, 1]);
  });
  expect(memory().numTensors).toBe(0);
});

it('leaves other types to the stock kernel', () => {
  tidy(() => {
    expect([...cast(tensor1d([1.75, -1.75, 300]), 'int32').dataSync()]).toEqual([1, -1, 300]);
    expect([...cast(tensor1d([true, false], 'bool'), 'float32').dataSync()]).toEqual([1, 0]);
  });
});

it('makes -2^31 of what an integer of 32 bits does not hold', () => {
  tidy(() => {
    const floats = tensor1d([2147483520, 2147483648, 3e9, -2147483648, -3e9, NaN, Infinity, -0.75]);
    const least = -2147483648;
    expect([...cast(floats, 'int32').dataSync()]).toEqual([
      2147483520,
      least,
      least,
      least,
      least,
      least,
      least,
      0,
    ]);
  });
});
