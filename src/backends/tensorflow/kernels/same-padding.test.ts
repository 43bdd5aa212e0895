import {
  conv1d,
  conv2d,
  depthwiseConv2d,
  fused,
  range,
  reshape,
  tensor1d,
  tensor3d,
  tensor4d,
  tidy,
  type Tensor,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startNodeRuntime } from '../node-runtime.test-support.ts';

beforeAll(async () => {
  await startNodeRuntime();
});

type Pair = [number, number];

/** 0, 1, 2, … in rows. */
function counting([height, width]: Pair): Tensor4D {
  return reshape(range(0, height * width), [1, height, width, 1]);
}

const ones = [
  [1, 1],
  [1, 1],
];
const middle = [
  [0, 0, 0],
  [0, 1, 0],
  [0, 0, 0],
];

describe.each<{ what: string; size: Pair; kernel: number[][]; strides: Pair; expected: number[] }>([
  // No padding: 0 + 1 + 6 + 7 and so on.
  { what: '2x2 by 3', size: [6, 6], kernel: ones, strides: [3, 3], expected: [14, 26, 86, 98] },
  // The last row and column are followed by one of padding.
  { what: '2x2 by 3 at the edge', size: [4, 4], kernel: ones, strides: [3, 3], expected: [10, 10, 25, 15] },
  // Columns: one of padding, behind. Rows: none, the second and the fourth are left out.
  { what: '1x3 by 2', size: [4, 4], kernel: [[1, 10, 100]], strides: [2, 2], expected: [210, 32, 1098, 120] },
  {
    what: '3x1 by 2',
    size: [4, 4],
    kernel: [[1], [10], [100]],
    strides: [2, 2],
    expected: [840, 1062, 128, 150],
  },
  { what: '3x3 by 1 and 4', size: [3, 8], kernel: middle, strides: [1, 4], expected: [1, 5, 9, 13, 17, 21] },
])('SAME, $what', ({ size, kernel, strides, expected }) => {
  const filter = (): Tensor4D => tensor4d(kernel.flat(), [kernel.length, kernel[0]!.length, 1, 1]);
  const bias = (): Tensor => tensor1d([0.5]);
  const run = (op: () => Tensor): number[] => {
    let values: number[] = [];
    tidy(() => {
      values = [...op().dataSync()];
    });
    return values;
  };
  const more = expected.map((value) => value + 0.5);

  it('Conv2D', () => {
    expect(run(() => conv2d(counting(size), filter(), strides, 'same'))).toEqual(expected);
  });

  it('a depthwise convolution', () => {
    expect(run(() => depthwiseConv2d(counting(size), filter(), strides, 'same'))).toEqual(expected);
  });

  it('fused with bias and activation', () => {
    const options = () =>
      ({ x: counting(size), filter: filter(), strides, pad: 'same', bias: bias() }) as const;
    expect(run(() => fused.conv2d({ ...options(), activation: 'relu' }))).toEqual(more);
    expect(run(() => fused.depthwiseConv2d({ ...options(), activation: 'relu' }))).toEqual(more);
  });
});

it('in one dimension, and with two channels', () => {
  tidy(() => {
    const line = tensor3d([1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60], [1, 6, 2]);
    const filter = tensor3d([1, 0, 0, 1, 1, 0, 0, 1], [2, 2, 2]);
    expect([...conv1d(line, filter, 3, 'same').dataSync()]).toEqual([3, 30, 9, 90]);
  });
});
