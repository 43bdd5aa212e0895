/** Nodes of ONNX give on the native backend what onnxruntime gives. */
import { describe, test } from 'vitest';
import { onnxFloats, onnxInts, type TestTensor } from '../../../model/onnx/onnx-writer.test-support.ts';
import { compare, single, weights, type Single } from './compare-onnxruntime.test-support.ts';

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
  grouped: [
    [
      'Conv',
      {
        constants: [weights('w', [6, 2, 3, 3]), weights('b', [6])],
        attributes: { group: 2, pads: [1, 1, 1, 1] },
      },
    ],
    [
      'ConvTranspose',
      {
        constants: [weights('w', [4, 3, 3, 3])],
        attributes: { group: 2, strides: [2, 2], pads: [1, 1, 1, 1] },
      },
    ],
    ['ConvTranspose', { constants: [weights('w', [4, 3, 2, 2])], attributes: { strides: [3, 3] } }],
    [
      'ConvTranspose',
      { constants: [weights('w', [4, 3, 2, 2])], attributes: { strides: [3, 3], auto_pad: 'SAME_UPPER' } },
    ],
    [
      'ConvTranspose',
      { constants: [weights('w', [4, 3, 3, 3])], attributes: { strides: [2, 2], output_shape: [14, 18] } },
    ],
    [
      'ConvTranspose',
      { shape: [1, 4, 9], constants: [weights('w', [4, 3, 3])], attributes: { strides: [2] } },
    ],
  ],
  pooling: [
    ['MaxPool', { attributes: { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 } }],
    ['MaxPool', { attributes: { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] } }],
    ['MaxPool', { attributes: { kernel_shape: [2, 3], dilations: [2, 2] } }],
    ['MaxPool', { attributes: { kernel_shape: [2, 2], strides: [3, 3], pads: [1, 1, 1, 1], ceil_mode: 1 } }],
    ['AveragePool', { attributes: { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] } }],
    ['AveragePool', { attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1], count_include_pad: 1 } }],
    [
      'AveragePool',
      {
        opset: 19,
        attributes: {
          kernel_shape: [3, 3],
          strides: [2, 2],
          pads: [1, 0, 0, 1],
          ceil_mode: 1,
          count_include_pad: 1,
        },
      },
    ],
    ['AveragePool', { attributes: { kernel_shape: [2, 2], auto_pad: 'SAME_LOWER' } }],
    ['AveragePool', { shape: [1, 3, 11], attributes: { kernel_shape: [3], strides: [2] } }],
    ['LpPool', { opset: 18, attributes: { kernel_shape: [3, 3], strides: [2, 2], p: 2 } }],
    ['GlobalLpPool', { attributes: { p: 1 } }],
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
    ['Softmax', {}],
    ['Softmax', { opset: 11 }],
    ['Softmax', { opset: 11, attributes: { axis: 3 } }],
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
    ['LayerNormalization', { constants: [weights('s', [7, 9])], attributes: { axis: 2 } }],
    [
      'GroupNormalization',
      { opset: 21, constants: [weights('s', [4]), weights('b', [4])], attributes: { num_groups: 2 } },
    ],
    [
      'GroupNormalization',
      { opset: 18, constants: [weights('s', [2]), weights('b', [2])], attributes: { num_groups: 2 } },
    ],
    ['LpNormalization', { attributes: { axis: 1 } }],
    ['LRN', { attributes: { size: 3, alpha: { f: 0.5 }, beta: { f: 0.75 } } }],
    ['MeanVarianceNormalization', {}],
    [
      'BatchNormalization',
      {
        shape: [1, 4, 9],
        constants: [
          weights('s', [4], 1),
          weights('b', [4], 2),
          weights('m', [4], 3),
          onnxFloats('v', [4], [1, 2, 0.5, 3]),
        ],
      },
    ],
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
  indices: [
    ['Gather', { attributes: { axis: 1 }, constants: [onnxInts('i', [3, -1, 0])] }],
    ['Gather', { attributes: { axis: 3 }, constants: [onnxInts('i', [1, 2, 0, 8], [2, 2])] }],
    [
      'GatherElements',
      {
        attributes: { axis: 1 },
        constants: [
          onnxInts(
            'i',
            Array.from({ length: 63 }, (_, at) => (at % 5) - 1),
            [1, 1, 7, 9],
          ),
        ],
      },
    ],
    ['GatherND', { constants: [onnxInts('i', [0, 1, 0, 3], [2, 2])] }],
    ['ArgMax', { type: 7, attributes: { axis: 1, keepdims: 0 } }],
    ['ArgMin', { type: 7, attributes: { axis: 3, select_last_index: 1 } }],
    ['CumSum', { constants: [onnxInts('a', [2], [])], attributes: { reverse: 1 } }],
    ['Trilu', { constants: [onnxInts('k', [1], [])], attributes: { upper: 0 } }],
    ['ScatterND', { constants: [onnxInts('i', [0, 1, 0, 3], [2, 2]), weights('u', [2, 7, 9])] }],
    [
      'ScatterElements',
      {
        attributes: { axis: 1, reduction: 'add' },
        opset: 18,
        constants: [onnxInts('i', [1, -1], [1, 2, 1, 1]), weights('u', [1, 2, 1, 1])],
      },
    ],
  ],
  arrangement: [
    ['DepthToSpace', { attributes: { blocksize: 2, mode: 'CRD' } }],
    ['Expand', { shape: [1, 4, 1, 9], constants: [onnxInts('s', [2, 1, 7, 1])] }],
    ['Tile', { constants: [onnxInts('r', [1, 2, 1, 3])] }],
    ['Unsqueeze', { constants: [onnxInts('a', [0, -1])] }],
    ['Concat', { attributes: { axis: 1 }, constants: [weights('c', [1, 2, 7, 9])] }],
    ['Pad', { opset: 18, constants: [onnxInts('p', [1, -2]), none, onnxInts('a', [3])] }],
    [
      'Pad',
      { opset: 19, attributes: { mode: 'wrap' }, constants: [onnxInts('p', [0, 0, 1, 2, 0, 0, 3, 1])] },
    ],
    ['ReduceLogSumExp', { attributes: { axes: [1, -1], keepdims: 0 } }],
    ['ReduceMax', { opset: 18, constants: [onnxInts('a', [2])] }],
    ['ReduceProd', { opset: 18 }],
    ['ReduceSum', { attributes: { noop_with_empty_axes: 1 } }],
    ['MatMul', { constants: [weights('w', [9, 5])] }],
    ['MatMul', { constants: [weights('w', [9])] }],
    [
      'Gemm',
      {
        shape: [6, 2],
        constants: [weights('w', [6, 5]), weights('b', [1, 5])],
        attributes: { transA: 1, beta: { f: 0.25 } },
      },
    ],
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
      'FusedMatMul',
      {
        domain: 'com.microsoft',
        constants: [weights('w', [5, 9])],
        attributes: { transB: 1, alpha: { f: 0.5 } },
      },
    ],
    [
      'FusedMatMul',
      { domain: 'com.microsoft', constants: [weights('w', [7, 5])], attributes: { transA: 1 } },
    ],
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
