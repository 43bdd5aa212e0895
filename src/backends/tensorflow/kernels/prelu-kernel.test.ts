import {
  fused,
  memory,
  prelu,
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

/** Two images of 2x2 pixels of two channels; all below 0 but the first value of the second image. */
const values = [-1, -2, -3, -4, -5, -6, -7, -8, 1, -2, -3, -4, -5, -6, -7, -8];

function images(sign: 1 | -1 = 1): Tensor4D {
  return tensor4d(
    values.map((value) => sign * value),
    [2, 2, 2, 2],
  );
}

const cases: { shared: string; shape: [number, number, number]; alpha: number[]; expected: number[] }[] = [
  {
    shared: 'no axis',
    shape: [2, 2, 2],
    alpha: [1, 2, 3, 4, 5, 6, 7, 8],
    expected: [-1, -4, -9, -16, -25, -36, -49, -64, 1, -4, -9, -16, -25, -36, -49, -64],
  },
  {
    shared: 'height and width',
    shape: [1, 1, 2],
    alpha: [10, 100],
    expected: [-10, -200, -30, -400, -50, -600, -70, -800, 1, -200, -30, -400, -50, -600, -70, -800],
  },
  {
    shared: 'width and channels',
    shape: [2, 1, 1],
    alpha: [10, 100],
    expected: [-10, -20, -30, -40, -500, -600, -700, -800, 1, -20, -30, -40, -500, -600, -700, -800],
  },
  {
    shared: 'height and channels',
    shape: [1, 2, 1],
    alpha: [10, 100],
    expected: [-10, -20, -300, -400, -50, -60, -700, -800, 1, -20, -300, -400, -50, -60, -700, -800],
  },
  {
    shared: 'channels',
    shape: [2, 2, 1],
    alpha: [2, 1, 10, 100],
    expected: [-2, -4, -3, -4, -50, -60, -700, -800, 1, -4, -3, -4, -50, -60, -700, -800],
  },
  {
    shared: 'height',
    shape: [1, 2, 2],
    alpha: [2, 1, 10, 100],
    expected: [-2, -2, -30, -400, -10, -6, -70, -800, 1, -2, -30, -400, -10, -6, -70, -800],
  },
  {
    shared: 'everything',
    shape: [1, 1, 1],
    alpha: [2],
    expected: [-2, -4, -6, -8, -10, -12, -14, -16, 1, -4, -6, -8, -10, -12, -14, -16],
  },
];

describe.each(cases)('slopes that share $shared', ({ shape, alpha, expected }) => {
  it('as an op', () => {
    const before = memory().numTensors;
    tidy(() => {
      const result = prelu<Tensor>(images(), tensor3d(alpha, shape));
      expect(result.shape).toEqual([2, 2, 2, 2]);
      expect([...result.dataSync()]).toEqual(expected);
    });
    expect(memory().numTensors).toBe(before);
  });

  it('as the activation of a convolution', () => {
    const before = memory().numTensors;
    tidy(() => {
      // Each channel times −1.
      const filter = tensor4d([-1, 0, 0, -1], [1, 1, 2, 2]);
      const each = tensor4d([-1, -1], [1, 1, 2, 1]);
      const options = { strides: 1, pad: 'same', activation: 'prelu' } as const;
      const preluActivationWeights = tensor3d(alpha, shape);
      const x = images(-1);
      const dense = fused.conv2d({ x, filter, ...options, preluActivationWeights });
      expect([...dense.dataSync()]).toEqual(expected);
      const depthwise = fused.depthwiseConv2d({ x, filter: each, ...options, preluActivationWeights });
      expect([...depthwise.dataSync()]).toEqual(expected);
    });
    expect(memory().numTensors).toBe(before);
  });
});

it('refuses slopes that do not fit', () => {
  expect(() => tidy(() => prelu<Tensor>(images(), tensor3d([1, 2, 3], [3, 1, 1])))).toThrow(/broadcast/);
  expect(() => tidy(() => prelu<Tensor>(tensor4d([-1], [1, 1, 1, 1]), tensor3d([1, 2], [2, 1, 1])))).toThrow(
    /slopes of shape \[2, 1, 1\] for \[1, 1, 1, 1\]/,
  );
});
