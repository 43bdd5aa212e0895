import { all, any, max, mean, min, prod, sum, tensor, tidy, zeros, type Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { startNodeRuntime } from '../node-runtime.test-support.ts';

beforeAll(async () => {
  await startNodeRuntime();
});

it.each<[string, (x: Tensor) => Tensor, 'float32' | 'int32' | 'bool', number]>([
  ['sum', (x) => sum(x, 1), 'float32', 0],
  ['product', (x) => prod(x, 1), 'float32', 1],
  ['greatest', (x) => max(x, 1), 'float32', -Infinity],
  ['least', (x) => min(x, 1), 'float32', Infinity],
  ['mean', (x) => mean(x, 1), 'float32', NaN],
  ['sum', (x) => sum(x, 1), 'int32', 0],
  ['greatest', (x) => max(x, 1), 'int32', -2147483648],
  ['least', (x) => min(x, 1), 'int32', 2147483647],
  ['all', (x) => all(x, 1), 'bool', 1],
  ['any', (x) => any(x, 1), 'bool', 0],
])('the %s of nothing (%3$s)', (_, reduce, type, value) => {
  tidy(() => {
    const result = reduce(zeros([2, 0, 3], type));
    expect(result.shape).toEqual([2, 3]);
    expect([...result.dataSync()]).toEqual([value, value, value, value, value, value]);
  });
});

it('the mean of integers is one, cut towards 0', () => {
  tidy(() => {
    const x = tensor([7, -8, 2, -7, -8, -2, 16777217, 16777217, 16777218], [3, 3], 'int32');
    const result = mean(x, 1);
    expect(result.dtype).toBe('int32');
    expect([...result.dataSync()]).toEqual([0, -5, 16777217]);
    expect([...mean(x, 0, true).dataSync()]).toEqual([5592405, 5592400, 5592406]);
    expect([...mean(tensor([1, 2, 4], [3])).dataSync()]).toEqual([Math.fround(7 / 3)]);
  });
});
