/** Models of ONNX give on the native backend what onnxruntime gives. */
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import type { Tensor } from '../../../graph/graph.ts';
import { loadModel } from '../../../model/load-model.ts';
import {
  onnxFloats,
  onnxInts,
  onnxNode,
  onnxValue,
  writeOnnx,
  type TestAttribute,
  type TestModel,
  type TestTensor,
} from '../../../model/onnx/onnx-writer.test-support.ts';
import { runAnyGraph } from './run-any-graph.test-support.ts';

/** Sixteenths from -2 on, the same for every seed. */
function values(count: number, seed = 1): number[] {
  let state = seed * 7919 + 17;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return ((state >> 8) % 65) / 16 - 2;
  });
}

function size(shape: readonly number[]): number {
  return shape.reduce((all, length) => all * length, 1);
}

const weights = (name: string, shape: readonly number[], seed = 2): TestTensor =>
  onnxFloats(name, shape, values(size(shape), seed));

/** Compares the outputs y of both for an input x. @param tolerance relative to values beyond 1. */
async function compare(model: TestModel, shape: readonly number[], tolerance = 1e-5): Promise<void> {
  const bytes = writeOnnx(model);
  const x: Tensor = { dtype: 'float32', shape, data: Float32Array.from(values(size(shape), 5)) };
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1 });
  const feeds = { x: new OrtTensor('float32', x.data as Float32Array, shape) };
  const expected = (await session.run(feeds))['y']!;
  await session.release();
  const graph = await loadModel('m.onnx', () => Promise.resolve(bytes));
  const [given] = await runAnyGraph(graph, { x }, ['y']);
  const wanted = Array.from(expected.data as ArrayLike<number | bigint>, Number);
  expect(given!.length).toBe(wanted.length);
  const worst = wanted.reduce((most, value, at) => {
    const [a, b] = [value, given![at]!];
    return Object.is(a, b) ? most : Math.max(most, Math.abs(a - b) / Math.max(1, Math.abs(a)) || Infinity);
  }, 0);
  expect(worst).toBeLessThanOrEqual(tolerance);
}

interface Single {
  readonly shape?: readonly number[];
  readonly attributes?: Readonly<Record<string, TestAttribute>>;
  readonly constants?: readonly TestTensor[];
  readonly opset?: number;
  readonly domain?: string;
}

/** A model of one node; constants are its further inputs, one without a name is left out. */
function single(
  op: string,
  { shape = [1, 4, 7, 9], attributes = {}, constants = [], opset, domain }: Single = {},
): TestModel {
  const inputs = ['x', ...constants.map(({ name }) => name)];
  return {
    ...(opset === undefined ? {} : { opset }),
    ...(domain === undefined ? {} : { opsets: { [domain]: 1 } }),
    graph: {
      inputs: [onnxValue('x', shape)],
      outputs: [onnxValue('y', [])],
      constants: constants.filter(({ name }) => name !== ''),
      nodes: [{ ...onnxNode(op, inputs, 'y', attributes), ...(domain === undefined ? {} : { domain }) }],
    },
  };
}

const none: TestTensor = { name: '', type: 1, dims: [], values: [] };
const pads = [1, 2, 0, 1];

const cases: Readonly<Record<string, readonly [op: string, options: Single][]>> = {
  convolutions: [
    [
      'Conv',
      { constants: [weights('w', [5, 4, 3, 3]), weights('b', [5])], attributes: { pads: [1, 1, 1, 1] } },
    ],
    ['Conv', { constants: [weights('w', [5, 4, 3, 2])], attributes: { pads, strides: [2, 1] } }],
    [
      'Conv',
      { constants: [weights('w', [5, 4, 3, 3])], attributes: { dilations: [2, 2], pads: [2, 2, 2, 2] } },
    ],
    [
      'Conv',
      { constants: [weights('w', [5, 4, 4, 4])], attributes: { strides: [2, 2], auto_pad: 'SAME_LOWER' } },
    ],
    [
      'Conv',
      {
        constants: [weights('w', [4, 1, 3, 3]), weights('b', [4])],
        attributes: { group: 4, pads: [1, 1, 1, 1] },
      },
    ],
    ['Conv', { constants: [weights('w', [8, 1, 3, 3])], attributes: { group: 4 } }],
    ['Conv', { shape: [1, 4, 11], constants: [weights('w', [3, 4, 3])], attributes: { pads: [1, 1] } }],
    [
      'ConvTranspose',
      { constants: [weights('w', [4, 3, 3, 3]), weights('b', [3])], attributes: { strides: [2, 2] } },
    ],
    [
      'ConvTranspose',
      { constants: [weights('w', [4, 3, 4, 4])], attributes: { strides: [2, 2], pads: [1, 1, 1, 1] } },
    ],
    [
      'ConvTranspose',
      {
        constants: [weights('w', [4, 3, 3, 3])],
        attributes: { strides: [2, 2], pads: [1, 1, 1, 1], output_padding: [1, 1] },
      },
    ],
    [
      'ConvTranspose',
      { constants: [weights('w', [4, 3, 3, 3])], attributes: { strides: [2, 2], auto_pad: 'SAME_UPPER' } },
    ],
    [
      'ConvTranspose',
      { constants: [weights('w', [4, 3, 4, 4])], attributes: { strides: [2, 2], auto_pad: 'SAME_LOWER' } },
    ],
  ],
  pooling: [
    ['MaxPool', { attributes: { kernel_shape: [2, 2], strides: [2, 2] } }],
    ['MaxPool', { attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1] } }],
    ['MaxPool', { attributes: { kernel_shape: [5, 5], pads: [2, 2, 2, 2] } }],
    ['AveragePool', { attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1] } }],
    ['AveragePool', { attributes: { kernel_shape: [2, 3], strides: [2, 2] } }],
    ['GlobalAveragePool', {}],
    ['GlobalMaxPool', {}],
  ],
  activations: [
    ...'Relu Sigmoid Tanh Softplus Softsign Elu LeakyRelu HardSigmoid HardSwish Selu Celu Mish Erf Abs Exp Neg Floor Ceil Round Sign'
      .split(' ')
      .map((op): [string, Single] => [op, op === 'Mish' ? { opset: 18 } : {}]),
    ['Gelu', { opset: 20 }],
    ['Gelu', { opset: 20, attributes: { approximate: 'tanh' } }],
    ['LeakyRelu', { attributes: { alpha: { f: 0.25 } } }],
    ['Elu', { attributes: { alpha: { f: 0.5 } } }],
    ['Clip', { constants: [onnxFloats('low', [], [-0.5]), onnxFloats('high', [], [0.75])] }],
    ['Clip', { constants: [none, onnxFloats('high', [], [0.75])] }],
    ['Clip', { opset: 9, attributes: { min: { f: 0 }, max: { f: 6 } } }],
    ['PRelu', { constants: [weights('slope', [4, 1, 1])] }],
    ['PRelu', { constants: [onnxFloats('slope', [1], [0.25])] }],
    ['ThresholdedRelu', { attributes: { alpha: { f: 0.5 } } }],
    ['Shrink', { attributes: { bias: { f: 0.25 }, lambd: { f: 0.5 } } }],
    ['Softmax', { attributes: { axis: 1 } }],
    ['Softmax', { opset: 11, attributes: { axis: 1 } }],
    ['LogSoftmax', { attributes: { axis: 3 } }],
  ],
  arithmetic: [
    ['Add', { constants: [weights('c', [4, 1, 1])] }],
    ['Sub', { constants: [weights('c', [1, 4, 7, 1])] }],
    ['Div', { constants: [onnxFloats('c', [], [0.3])] }],
    ['Pow', { constants: [onnxFloats('c', [], [2])] }],
    ['Max', { constants: [weights('c', [9]), weights('d', [4, 7, 9])] }],
    ['Mean', { constants: [weights('c', [9]), weights('d', [4, 7, 9])] }],
    ['Mod', { attributes: { fmod: 1 }, constants: [onnxFloats('c', [], [0.75])] }],
  ],
  normalisations: [
    [
      'BatchNormalization',
      {
        constants: [
          weights('s', [4], 1),
          weights('b', [4], 2),
          weights('m', [4], 3),
          onnxFloats('v', [4], [1, 2, 0.5, 3]),
        ],
      },
    ],
    ['InstanceNormalization', { constants: [weights('s', [4]), weights('b', [4])] }],
    ['LayerNormalization', { constants: [weights('s', [9]), weights('b', [9])] }],
  ],
  resizing: [
    ['Upsample', { opset: 9, constants: [onnxFloats('s', [4], [1, 1, 2, 2])] }],
    ['Resize', { opset: 10, constants: [onnxFloats('s', [4], [1, 1, 2, 2])] }],
    [
      'Resize',
      {
        constants: [none, onnxFloats('s', [4], [1, 1, 2, 2])],
        attributes: { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
      },
    ],
    ['Resize', { constants: [none, onnxFloats('s', [4], [1, 1, 2, 2])], attributes: { mode: 'linear' } }],
    [
      'Resize',
      {
        constants: [none, onnxFloats('s', [4], [1, 1, 3, 2])],
        attributes: { mode: 'linear', coordinate_transformation_mode: 'align_corners' },
      },
    ],
    [
      'Resize',
      {
        constants: [none, none, onnxInts('s', [1, 4, 14, 18])],
        attributes: { mode: 'linear', coordinate_transformation_mode: 'pytorch_half_pixel' },
      },
    ],
  ],
  arrangement: [
    ['Transpose', { attributes: { perm: [0, 2, 3, 1] } }],
    ['Reshape', { constants: [onnxInts('s', [0, 2, -1, 9])] }],
    ['Flatten', {}],
    ['Squeeze', { shape: [1, 1, 7, 9], constants: [onnxInts('a', [1])] }],
    ['Squeeze', { shape: [1, 1, 7, 9], opset: 11, attributes: { axes: [1] } }],
    ['Slice', { constants: [onnxInts('a', [1, -4]), onnxInts('b', [3, 2 ** 53]), onnxInts('c', [1, 3])] }],
    ['Slice', { opset: 9, attributes: { starts: [1], ends: [-1], axes: [2] } }],
    [
      'Slice',
      {
        constants: [
          onnxInts('a', [-1]),
          onnxInts('b', [-(2 ** 53)]),
          onnxInts('c', [2]),
          onnxInts('d', [-2]),
        ],
      },
    ],
    ['Pad', { constants: [onnxInts('p', [0, 0, 1, 2, 0, 0, 3, 1]), onnxFloats('v', [], [0.5])] }],
    ['Pad', { attributes: { mode: 'reflect' }, constants: [onnxInts('p', [0, 0, 1, 2, 0, 0, 3, 1])] }],
    ['Pad', { attributes: { mode: 'edge' }, constants: [onnxInts('p', [0, 0, 1, 2, 0, 0, 3, 1])] }],
    ['Pad', { opset: 10, attributes: { pads: [0, 0, 1, 2, 0, 0, 3, 1] } }],
    ['DepthToSpace', { attributes: { blocksize: 2 } }],
    ['SpaceToDepth', { shape: [1, 3, 4, 6], attributes: { blocksize: 2 } }],
    ['ReduceMean', { attributes: { axes: [2, 3] } }],
    ['ReduceSum', { constants: [onnxInts('a', [1])], attributes: { keepdims: 0 } }],
    ['ReduceL2', { attributes: { axes: [1] } }],
    [
      'Gemm',
      {
        shape: [1, 6],
        constants: [weights('w', [5, 6]), weights('b', [5])],
        attributes: { transB: 1, alpha: { f: 0.5 } },
      },
    ],
    ['MatMul', { shape: [1, 6], constants: [weights('w', [6, 5])] }],
  ],
  microsoft: [
    ['QuickGelu', { domain: 'com.microsoft' }],
    [
      'FusedConv',
      {
        domain: 'com.microsoft',
        constants: [weights('w', [5, 4, 3, 3]), weights('b', [5])],
        attributes: { activation: 'Relu' },
      },
    ],
  ],
};

describe.each(Object.entries(cases))('%s', (_group, list) => {
  test.each(list.map(([op, options], index) => ({ op, options, index })))(
    '$op ($index)',
    async ({ op, options }) => {
      await compare(single(op, options), options.shape ?? [1, 4, 7, 9], 2e-5);
    },
  );
});
