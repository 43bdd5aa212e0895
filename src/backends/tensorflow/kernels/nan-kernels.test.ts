import {
  avgPool,
  backend,
  clipByValue,
  leakyRelu,
  maximum,
  maxPool,
  minimum,
  prelu,
  relu,
  relu6,
  scalar,
  tensor1d,
  tensor4d,
  tidy,
  type Tensor,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { startNodeRuntime } from '../node-runtime.test-support.ts';

beforeAll(async () => {
  await startNodeRuntime();
});

/** The values of a result; nothing may be left behind. */
function valuesOf(op: () => Tensor): number[] {
  let values: number[] = [];
  const before = backend().numDataIds();
  tidy(() => {
    values = [...op().dataSync()];
  });
  expect(backend().numDataIds()).toBe(before);
  return values;
}

const some = [-2, NaN, 0.5, 7, Infinity, -Infinity, 3];

it.each<[string, (x: Tensor) => Tensor, number[]]>([
  ['Relu', relu, [0, NaN, 0.5, 7, Infinity, 0, 3]],
  ['Relu6', relu6, [0, NaN, 0.5, 6, 6, 0, 3]],
  ['LeakyRelu', (x) => leakyRelu(x, 0.25), [-0.5, NaN, 0.5, 7, Infinity, -Infinity, 3]],
  ['Prelu', (x) => prelu<Tensor>(x, tensor1d([0.25])), [-0.5, NaN, 0.5, 7, Infinity, -Infinity, 3]],
  ['ClipByValue', (x) => clipByValue(x, -1, 2), [-1, NaN, 0.5, 2, 2, -1, 2]],
  ['Maximum', (x) => maximum(x, scalar(1)), [1, NaN, 1, 7, Infinity, 1, 3]],
  ['Maximum of NaN', (x) => maximum(scalar(1), x), [1, NaN, 1, 7, Infinity, 1, 3]],
  ['Minimum', (x) => minimum(x, scalar(1)), [-2, NaN, 0.5, 1, 1, -Infinity, 1]],
  ['Minimum of NaN', (x) => minimum(scalar(1), x), [-2, NaN, 0.5, 1, 1, -Infinity, 1]],
])('%s keeps it', (_, op, expected) => {
  expect(valuesOf(() => op(tensor1d(some)))).toEqual(expected);
  const finite = (values: number[]): number[] => values.filter((__, index) => index !== 1);
  expect(valuesOf(() => op(tensor1d(finite(some))))).toEqual(finite(expected));
});

it('Relu keeps a NaN of either sign', () => {
  // On many processors a NaN that a sum gives has its sign bit set.
  const [one, other] = [new Float32Array(1), new Float32Array(1)];
  new Uint32Array(one.buffer).fill(0xffc00000);
  new Uint32Array(other.buffer).fill(0x7fc00000);
  expect(valuesOf(() => relu(tensor1d(one)))).toEqual([NaN]);
  expect(valuesOf(() => relu(tensor1d(other)))).toEqual([NaN]);
});

it('a NaN is found wherever it stands', () => {
  for (let place = 0; place < 7; place++) {
    const values = [1, 2, 3, 4, 5, 6, 7].map((value, index) => (index === place ? NaN : value));
    const expected = values.map((value) => Math.min(value, 6));
    expect(valuesOf(() => relu6(tensor1d(values)))).toEqual(expected);
  }
});

/** 3x3 pixels, of which the one on the right in the first row is NaN. */
const picture = (): Tensor4D => tensor4d([1, 2, NaN, -4, -5, -6, 7, 8, 9], [1, 3, 3, 1]);

it('a pool is NaN where its window has one', () => {
  expect(valuesOf(() => maxPool(picture(), 2, 1, 'valid'))).toEqual([2, NaN, 8, 9]);
  expect(valuesOf(() => avgPool(picture(), 2, 1, 'valid'))).toEqual([-1.5, NaN, 1.5, 1.5]);
  // Padding is no pixel.
  expect(valuesOf(() => maxPool(picture(), 2, 2, 'same'))).toEqual([2, NaN, 8, 9]);
  expect(valuesOf(() => avgPool(picture(), 2, 2, 'same'))).toEqual([-1.5, NaN, 7.5, 9]);
});

it('a pool over infinities is no NaN but where they cancel out', () => {
  const infinities = (): Tensor4D => tensor4d([Infinity, 1, -Infinity, 2], [1, 1, 4, 1]);
  expect(valuesOf(() => maxPool(infinities(), [1, 2], 1, 'valid'))).toEqual([Infinity, 1, 2]);
});
