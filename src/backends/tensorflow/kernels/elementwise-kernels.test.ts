import {
  abs,
  clipByValue,
  cos,
  engine,
  floorDiv,
  log1p,
  maximum,
  memory,
  minimum,
  mod,
  neg,
  pow,
  relu6,
  sign,
  sin,
  tensor,
  tensor1d,
  tidy,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startNodeRuntime } from '../node-runtime.test-support.ts';

beforeAll(async () => {
  await startNodeRuntime();
});

/** The values of a result; nothing may be left behind. */
function valuesOf(op: () => Tensor): number[] {
  let values: number[] = [];
  const before = memory().numTensors;
  tidy(() => {
    values = [...op().dataSync()];
  });
  expect(memory().numTensors).toBe(before);
  return values;
}

const f = Math.fround;
const ints = (...values: number[]): Tensor => tensor1d(values, 'int32');
const most = 2147483647;
const least = -2147483648;

describe('one value', () => {
  const floats: [string, (x: Tensor) => Tensor, number[], number[]][] = [
    ['Sign', sign, [1e-8, -1e-30, 0, -7, NaN, -Infinity], [1, -1, 0, -1, NaN, -1]],
    ['Log1p', log1p, [1e-8, -1e-8, 1, -1, NaN], [f(1e-8), f(-1e-8), f(Math.LN2), -Infinity, NaN]],
    ['Sin', sin, [1e-8, -0.001, 0, Infinity], [f(1e-8), f(-0.00099999988083), 0, NaN]],
    ['Cos', cos, [0, 3e38, NaN], [1, f(-0.4842947721481323), NaN]],
    ['Relu6', relu6, [NaN, -1, 0, 5.5, 7, Infinity, -Infinity], [NaN, 0, 0, 5.5, 6, 6, 0]],
    [
      'ClipByValue',
      (x) => clipByValue(x, -1, 2),
      [NaN, -1.5, -0.5, 2.5, Infinity, -Infinity],
      [NaN, -1, -0.5, 2, 2, -1],
    ],
  ];
  it.each(floats)('%s of floats', (_, op, values, expected) => {
    const result = valuesOf(() => op(tensor1d(values)));
    expect(result).toEqual(expected);
  });

  const integers: [string, (x: Tensor) => Tensor, number[], number[]][] = [
    ['Sign', sign, [5, 0, least], [1, 0, -1]],
    ['Abs', abs, [16777217, -16777217, most, least], [16777217, 16777217, most, least]],
    ['Neg', neg, [16777217, most, least], [-16777217, -most, least]],
    ['Relu6', relu6, [-3, 3, 16777217], [0, 3, 6]],
    ['ClipByValue', (x) => clipByValue(x, -1, 2), [-7, 1, 16777217], [-1, 1, 2]],
  ];
  it.each(integers)('%s of integers', (_, op, values, expected) => {
    expect(valuesOf(() => op(ints(...values)))).toEqual(expected);
  });
});

describe('two values', () => {
  it('Maximum and Minimum keep NaN on either side', () => {
    const a = [NaN, 1, NaN, 2, 3, -Infinity];
    const b = [1, NaN, NaN, 3, 2, 0];
    expect(valuesOf(() => maximum(tensor1d(a), tensor1d(b)))).toEqual([NaN, NaN, NaN, 3, 3, 0]);
    expect(valuesOf(() => minimum(tensor1d(a), tensor1d(b)))).toEqual([NaN, NaN, NaN, 2, 2, -Infinity]);
  });

  it('the rest has the divisor’s sign, and small numbers are not lost', () => {
    const a = [5.5, -5.5, 5.5, -5.5, -1e-9, 1e-9, 1, -6, Infinity, 1];
    const b = [2, 2, -2, -2, 1, -1, Infinity, 3, 2, NaN];
    expect(valuesOf(() => mod(tensor1d(a), tensor1d(b)))).toEqual([
      1.5,
      0.5,
      -0.5,
      -1.5,
      1,
      -1,
      1,
      -0,
      NaN,
      NaN,
    ]);
    expect(valuesOf(() => mod(ints(7, -7, 7, -7, -6), ints(3, 3, -3, -3, 3)))).toEqual([1, 2, -2, -1, 0]);
  });

  it('integers are divided as integers', () => {
    expect(valuesOf(() => floorDiv(ints(7, -7, most, 16777217), ints(2, 2, 1, -1)))).toEqual([
      3,
      -4,
      most,
      -16777217,
    ]);
    const truncated = (kernel: string): number[] =>
      valuesOf(() => engine().runKernel(kernel, { a: ints(7, -7, 7, -7, most), b: ints(2, 2, -2, -2, 3) }));
    expect(truncated('TruncateDiv')).toEqual([3, -3, -3, 3, 715827882]);
    expect(truncated('TruncateMod')).toEqual([1, -1, 1, -1, 1]);
  });

  it('floats are cut towards 0', () => {
    const run = (kernel: string): number[] =>
      valuesOf(() => engine().runKernel(kernel, { a: tensor1d([5.5, -5.5, 5.5]), b: tensor1d([2, 2, -2]) }));
    expect(run('TruncateDiv')).toEqual([2, -2, -2]);
    expect(run('TruncateMod')).toEqual([1.5, -1.5, 1.5]);
  });

  it('integers are raised as integers, and wrap', () => {
    expect(valuesOf(() => pow(ints(3, -2, 7, 0, 10, -1, 7), ints(4, 3, 0, 0, 10, 255, 41)))).toEqual([
      81, -8, 1, 1, 1410065408, -1, -994829241,
    ]);
  });

  it.each([
    ['Mod', () => mod(ints(1), ints(0)), /divided by zero/],
    ['FloorDiv', () => floorDiv(ints(1), ints(0)), /divided by zero/],
    ['Pow', () => pow(ints(2), ints(-1)), /negative power/],
    [
      'TruncateMod',
      () => engine().runKernel('TruncateMod', { a: ints(1), b: tensor1d([1]) }),
      /takes no int32/,
    ],
  ])('%s fails where TensorFlow does', (_, op, message) => {
    expect(() => tidy(op)).toThrow(message);
  });
});

describe('broadcasting', () => {
  /** 0, 1, 2, … */
  const counting = (shape: number[], from = 0): Tensor => {
    const count = shape.reduce((product, size) => product * size, 1);
    return tensor(
      Array.from({ length: count }, (_, index) => from + index),
      shape,
    );
  };
  it.each<[number[], number[], number[], number[]]>([
    [[2, 2], [], [2, 2], [0, 1, 0, 1]],
    [[], [3], [3], [0, 0, 0]],
    [
      [2, 1],
      [1, 3],
      [2, 3],
      [0, 0, 0, 1, 1, 1],
    ],
    [
      [2, 1, 2],
      [3, 1],
      [2, 3, 2],
      [0, 1, 0, 1, 0, 1, 0, 1, 2, 0, 2, 3],
    ],
    [
      [1, 2, 1],
      [2, 1, 2],
      [2, 2, 2],
      [0, 0, 1, 1, 0, 0, 1, 1],
    ],
    [[3], [2, 1, 3], [2, 1, 3], [0, 1, 2, 0, 1, 2]],
    [[2, 0], [1], [2, 0], []],
  ])('%j and %j', (aShape, bShape, shape, expected) => {
    // The divisors are 2, 3, …: a rest of 0 % 2, 1 % 3, and so on.
    tidy(() => {
      const result = mod(counting(aShape), counting(bShape, 2));
      expect(result.shape).toEqual(shape);
      expect([...result.dataSync()]).toEqual(expected);
    });
  });
});
