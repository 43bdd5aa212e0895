/** Activations, normalisations and rearrangements of OpenVINO models compute what their definitions say. */
import { describe, test } from 'vitest';
import {
  constantFloats,
  constantInts,
  layer,
  type TestLayer,
} from '../model/openvino/openvino-writer.test-support.ts';
import { at, each, fill, image } from './nchw-reference.test-support.ts';
import { close, fed, numbers, pattern, run } from './openvino-layer.test-support.ts';

describe('activations', () => {
  const x = image(3, 4, 5);
  const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));
  const six = (value: number): number => Math.min(Math.max(value + 3, 0), 6) / 6;
  const slopes = [0.5, -1, 2];
  test.each<[string, TestLayer['data'], readonly TestLayer[], (value: number, c: number) => number]>([
    ['ReLU', {}, [], (v) => Math.max(v, 0)],
    ['Sigmoid', {}, [], sigmoid],
    ['Tanh', {}, [], Math.tanh],
    ['Exp', {}, [], Math.exp],
    ['Abs', {}, [], Math.abs],
    ['Elu', { alpha: 1 }, [], (v) => (v < 0 ? Math.expm1(v) : v)],
    ['Elu', { alpha: 0.3 }, [], (v) => (v < 0 ? 0.3 * Math.expm1(v) : v)],
    ['HSwish', {}, [], (v) => v * six(v)],
    ['HSigmoid', {}, [], six],
    ['Clamp', { min: -0.25, max: 1 }, [], (v) => Math.min(Math.max(v, -0.25), 1)],
    ['Clamp', { min: 0, max: 6 }, [], (v) => Math.min(Math.max(v, 0), 6)],
    ['Mish', {}, [], (v) => v * Math.tanh(Math.log1p(Math.exp(v)))],
    ['Swish', {}, [], (v) => v * sigmoid(v)],
    ['PReLU', {}, [constantFloats('p', [3], slopes)], (v, c) => (v < 0 ? slopes[c]! * v : v)],
    ['PReLU', {}, [constantFloats('p', [1], [0.2])], (v) => (v < 0 ? 0.2 * v : v)],
    ['Power', {}, [constantFloats('p', [], [2])], (v) => v * v],
    ['Divide', {}, [constantFloats('p', [1, 3, 1, 1], slopes)], (v, c) => v / slopes[c]!],
    ['Minimum', {}, [constantFloats('p', [3, 1, 1], slopes)], (v, c) => Math.min(v, slopes[c]!)],
    ['SquaredDifference', {}, [constantFloats('p', [], [1])], (v) => (v - 1) ** 2],
    [
      'HardSigmoid',
      {},
      [constantFloats('p', [], [0.3]), constantFloats('q', [], [0.4])],
      (v) => Math.min(Math.max(0.3 * v + 0.4, 0), 1),
    ],
  ])('%s %j', async (type, data, constants, value) => {
    const inputs = ['x', ...constants.map(({ name }) => name)];
    const layers = [fed(x), ...constants, layer('y', type, inputs, x.shape, data)];
    close(await run(layers, x), each(x, value));
  });

  test.each([1, 3, -1])('SoftMax along axis %i', async (axis) => {
    const sums = (c: number, y: number, column: number): number =>
      axis === 1
        ? [0, 1, 2].reduce((sum, k) => sum + Math.exp(at(x, k, y, column)), 0)
        : numbers(5).reduce((sum, k) => sum + Math.exp(at(x, c, y, k)), 0);
    const expected = fill(3, 4, 5, (c, y, column) => Math.exp(at(x, c, y, column)) / sums(c, y, column));
    close(await run([fed(x), layer('y', 'SoftMax', ['x'], x.shape, { axis }, 'opset8')], x), expected);
  });
});

describe('normalisations and reductions', () => {
  const x = image(3, 4, 5);
  const all = (c: number): number[] => Array.from(x.data.subarray(c * 20, c * 20 + 20));
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

  test.each(['opset1', 'opset5'])('BatchNormInference of %s', async (opset) => {
    const parts = { gamma: [1, 0.5, -2], beta: [0, 1, 0.25], mean: [0.5, 0, -1], variance: [1, 4, 0.25] };
    const constants = Object.entries(parts).map(([name, values]) => constantFloats(name, [3], values));
    const inputs =
      opset === 'opset5'
        ? ['x', 'gamma', 'beta', 'mean', 'variance']
        : ['gamma', 'beta', 'x', 'mean', 'variance'];
    const expected = each(
      x,
      (v, c) =>
        (parts.gamma[c]! * (v - parts.mean[c]!)) / Math.sqrt(parts.variance[c]! + 0.001) + parts.beta[c]!,
    );
    const layers = [
      fed(x),
      ...constants,
      layer('y', 'BatchNormInference', inputs, x.shape, { epsilon: 0.001 }, opset),
    ];
    close(await run(layers, x), expected);
  });

  test('NormalizeL2 over the channels', async () => {
    const expected = fill(3, 4, 5, (c, y, column) => {
      const sum = [0, 1, 2].reduce((total, k) => total + at(x, k, y, column) ** 2, 0);
      return at(x, c, y, column) / Math.sqrt(sum + 0.01);
    });
    const layers = [
      constantInts('axes', [1]),
      layer('y', 'NormalizeL2', ['x', 'axes'], x.shape, { eps: 0.01, eps_mode: 'add' }),
    ];
    close(await run([fed(x), ...layers], x), expected);
  });

  test('MVN over height and width', async () => {
    const expected = each(x, (v, c) => {
      const middle = mean(all(c));
      return (v - middle) / Math.sqrt(mean(all(c).map((value) => (value - middle) ** 2)) + 0.001);
    });
    const data = { eps: 0.001, normalize_variance: 'true', eps_mode: 'inside_sqrt' };
    const layers = [constantInts('axes', [2, 3]), layer('y', 'MVN', ['x', 'axes'], x.shape, data, 'opset6')];
    close(await run([fed(x), ...layers], x), expected);
  });

  test.each([
    ['ReduceMean', mean],
    ['ReduceMax', (values: readonly number[]) => Math.max(...values)],
    ['ReduceSum', (values: readonly number[]) => values.reduce((a, b) => a + b, 0)],
  ] as const)('%s over height and width', async (type, reduce) => {
    const expected = fill(3, 1, 1, (c) => reduce(all(c)));
    const layers = [
      constantInts('axes', [2, 3]),
      layer('y', type, ['x', 'axes'], expected.shape, { keep_dims: 'true' }),
    ];
    close(await run([fed(x), ...layers], x), expected);
  });
});

describe('rearrangements', () => {
  const x = image(4, 3, 5);

  test('Split, VariadicSplit and Concat', async () => {
    const layers: TestLayer[] = [
      fed(x),
      constantInts('axis', [1], []),
      constantInts('lengths', [1, -1]),
      {
        ...layer('s', 'Split', ['x', 'axis'], [1, 2, 3, 5], { num_splits: 2 }),
        outputs: [
          [1, 2, 3, 5],
          [1, 2, 3, 5],
        ],
      },
      {
        ...layer('v', 'VariadicSplit', ['x', 'axis', 'lengths'], []),
        outputs: [
          [1, 1, 3, 5],
          [1, 3, 3, 5],
        ],
      },
      layer('y', 'Concat', ['s:1', 'v:1', 's', 'v'], [1, 8, 3, 5], { axis: 1 }),
    ];
    const order = [2, 3, 1, 2, 3, 0, 1, 0];
    close(
      await run(layers, x),
      fill(8, 3, 5, (c, y, column) => at(x, order[c]!, y, column)),
      0,
    );
  });

  test('StridedSlice and Slice', async () => {
    const strided = [
      constantInts('b', [0, 1, 0]),
      constantInts('e', [0, 4, 2]),
      constantInts('s', [1, 2, 1]),
      layer('y', 'StridedSlice', ['x', 'b', 'e', 's'], [1, 2, 2, 5], {
        begin_mask: '1,0,1',
        end_mask: '1,0,0',
      }),
    ];
    close(
      await run([fed(x), ...strided], x),
      fill(2, 2, 5, (c, y, column) => at(x, 1 + 2 * c, y, column)),
      0,
    );
    const slice = [
      constantInts('b', [1]),
      constantInts('e', [5]),
      constantInts('s', [2]),
      constantInts('a', [-1]),
      layer('y', 'Slice', ['x', 'b', 'e', 's', 'a'], [1, 4, 3, 2], {}, 'opset8'),
    ];
    close(
      await run([fed(x), ...slice], x),
      fill(4, 3, 2, (c, y, column) => at(x, c, y, 1 + 2 * column)),
      0,
    );
  });

  test('a classifier: mean, Squeeze, MatMul, Unsqueeze, SoftMax', async () => {
    const w = pattern(4 * 6);
    const layers: TestLayer[] = [
      fed(x, true),
      constantInts('axes', [2, 3]),
      layer('m', 'ReduceMean', ['x', 'axes'], [1, 4, 1, 1], { keep_dims: 'true' }),
      layer('q', 'Squeeze', ['m', 'axes'], [1, 4]),
      constantFloats('w', [6, 4], w),
      layer('f', 'MatMul', ['q', 'w'], [1, 6], { transpose_a: 'false', transpose_b: 'true' }),
      layer('p', 'SoftMax', ['f'], [1, 6], { axis: 1 }),
      layer('y', 'Unsqueeze', ['p', 'axes'], [1, 6, 1, 1]),
    ];
    const means = numbers(4).map((c) => x.data.subarray(15 * c, 15 * c + 15).reduce((a, b) => a + b, 0) / 15);
    const sums = numbers(6).map((o) =>
      Math.exp(means.reduce((sum, value, c) => sum + value * w[4 * o + c]!, 0)),
    );
    const total = sums.reduce((a, b) => a + b, 0);
    close(
      await run(layers, x),
      fill(6, 1, 1, (o) => sums[o]! / total),
    );
  });

  test('Reshape with special_zero, Transpose, ShapeOf with Gather', async () => {
    const layers: TestLayer[] = [
      fed(x, true),
      constantInts('flat', [0, 2, 2, -1]),
      layer('r', 'Reshape', ['x', 'flat'], [1, 2, 2, 15], { special_zero: 'true' }),
      constantInts('order', [0, 2, 1, 3]),
      layer('t', 'Transpose', ['r', 'order'], [1, 2, 2, 15]),
      layer('sizes', 'ShapeOf', ['x'], [4], { output_type: 'i64' }, 'opset3'),
      constantInts('all', [0, 1, 2, 3]),
      constantInts('axis', [0], []),
      { ...layer('g', 'Gather', ['sizes', 'all', 'axis'], [4], {}, 'opset8'), precision: 'I64' },
      layer('y', 'Reshape', ['t', 'g'], [1, 4, 3, 5], { special_zero: 'false' }),
    ];
    const order = [0, 2, 1, 3];
    close(
      await run(layers, x),
      fill(4, 3, 5, (c, y, column) => at(x, order[c]!, y, column)),
      0,
    );
  });
});
