/** Whole nets of ONNX, of open and of fixed sizes, give as filters run them what onnxruntime gives. */
import { describe, expect, test } from 'vitest';
import {
  onnxFloats,
  onnxInts,
  onnxNode as node,
  type TestAttribute,
  type TestNode,
  type TestTensor,
} from '../../../model/onnx/onnx-writer.test-support.ts';
import { values, weights } from './compare-onnxruntime.test-support.ts';
import { runBoth, type Net } from './onnx-net.test-support.ts';

/** Runs a net on both and compares. @param declared the sizes that the file says. */
async function compareNet(
  net: Net,
  declared: readonly (number | string)[],
  shape: readonly [number, number, number, number],
) {
  const data = Float32Array.from(values(shape.reduce((all, size) => all * size, 1)), (value) => value / 2);
  const { expected, given, spec } = await runBoth(net, declared, shape, data);
  expect(given.length).toBe(expected.length);
  const worst = expected.reduce((most, value, at) => Math.max(most, Math.abs(value - given[at]!)), 0);
  expect(worst).toBeLessThan(1e-4);
  return spec;
}

const w = (name: string, shape: readonly number[]): TestTensor => {
  const tensor = weights(name, shape, name.length + shape[0]!);
  return { ...tensor, values: tensor.values!.map((value) => value / 8) };
};
const conv = (x: string, filter: string, y: string, more: Record<string, TestAttribute> = {}): TestNode =>
  node('Conv', [x, filter], y, { pads: [1, 1, 1, 1], ...more });
const silu = (x: string, y: string): TestNode[] => [
  node('Sigmoid', [x], `${y}/s`),
  node('Mul', [x, `${y}/s`], y),
];

/** The smaller picture is enlarged to the size that Shape gives of the larger one. */
const unet: Net = {
  nodes: [
    conv('x', 'w1', 'a'),
    node('Relu', ['a'], 'b'),
    node('MaxPool', ['b'], 'p', { kernel_shape: [2, 2], strides: [2, 2] }),
    conv('p', 'w2', 'c'),
    node('LeakyRelu', ['c'], 'd'),
    node('Shape', ['b'], 's'),
    node('Shape', ['d'], 't'),
    node('Slice', ['s', 'two', 'four', 'zero'], 'hw'),
    node('Slice', ['t', 'zero', 'two', 'zero'], 'nc'),
    node('Concat', ['nc', 'hw'], 'size', { axis: 0 }),
    node('Resize', ['d', '', '', 'size'], 'u', { mode: 'linear' }),
    node('Concat', ['u', 'b'], 'e', { axis: 1 }),
    conv('e', 'w3', 'f'),
    node('Sigmoid', ['f'], 'y'),
  ],
  constants: [
    w('w1', [8, 3, 3, 3]),
    w('w2', [8, 8, 3, 3]),
    w('w3', [3, 16, 3, 3]),
    onnxInts('zero', [0]),
    onnxInts('two', [2]),
    onnxInts('four', [4]),
  ],
};

/** As SRVGGNetCompact: PReLU, a pixel shuffle, and the picture itself enlarged. */
const shuffled: Net = {
  nodes: [
    conv('x', 'w1', 'a'),
    node('PRelu', ['a', 'slopes'], 'b'),
    conv('b', 'w2', 'c'),
    node('DepthToSpace', ['c'], 'd', { blocksize: 2, mode: 'CRD' }),
    node('Resize', ['x', '', 'factors'], 'u', {
      mode: 'nearest',
      coordinate_transformation_mode: 'asymmetric',
      nearest_mode: 'floor',
    }),
    node('Add', ['d', 'u'], 'y'),
  ],
  constants: [
    w('w1', [8, 3, 3, 3]),
    w('slopes', [8, 1, 1]),
    w('w2', [12, 8, 3, 3]),
    onnxFloats('factors', [4], [1, 1, 2, 2]),
  ],
};

/** Padded to a multiple of 4, and cropped again. */
const padded: Net = {
  nodes: [
    node('Shape', ['x'], 's'),
    node('Slice', ['s', 'two', 'four', 'zero'], 'hw'),
    node('Neg', ['hw'], 'negative'),
    node('Mod', ['negative', 'four'], 'extra'),
    node('Concat', ['zeros', 'extra'], 'pads', { axis: 0 }),
    node('Pad', ['x', 'pads'], 'p', { mode: 'reflect' }),
    conv('p', 'w1', 'a', { strides: [2, 2] }),
    node('ConvTranspose', ['a', 'w2'], 'b', { strides: [2, 2], pads: [1, 1, 1, 1] }),
    node('Slice', ['b', 'origin', 'hw', 'axes'], 'y'),
  ],
  constants: [
    onnxInts('zero', [0]),
    onnxInts('two', [2]),
    onnxInts('four', [4]),
    onnxInts('zeros', [0, 0, 0, 0, 0, 0]),
    onnxInts('origin', [0, 0]),
    onnxInts('axes', [2, 3]),
    w('w1', [8, 3, 3, 3]),
    w('w2', [8, 3, 4, 4]),
  ],
};

const classifier: Net = {
  nodes: [
    conv('x', 'w1', 'a', { strides: [2, 2] }),
    node('BatchNormalization', ['a', 'scale', 'bias', 'mean', 'variance'], 'n'),
    node('HardSwish', ['n'], 'h'),
    conv('h', 'w2', 'd', { group: 8 }),
    node('GlobalAveragePool', ['d'], 'g'),
    node('Shape', ['g'], 's'),
    node('Gather', ['s', 'zero'], 'batch'),
    node('Unsqueeze', ['batch', 'front'], 'first'),
    node('Concat', ['first', 'rest'], 'target', { axis: 0 }),
    node('Reshape', ['g', 'target'], 'flat'),
    node('Gemm', ['flat', 'w3', 'offset'], 'logits', { transB: 1 }),
    node('Softmax', ['logits'], 'y', { axis: -1 }),
  ],
  constants: [
    w('w1', [8, 3, 3, 3]),
    w('scale', [8]),
    w('bias', [8]),
    w('mean', [8]),
    onnxFloats('variance', [8], [1, 2, 1, 2, 1, 2, 3, 4]),
    w('w2', [8, 1, 3, 3]),
    onnxInts('zero', [0], []),
    onnxInts('front', [0]),
    onnxInts('rest', [-1]),
    w('w3', [10, 8]),
    w('offset', [10]),
  ],
};

/** As the head of YOLOv8: a distribution a side of each box, by Softmax and a convolution. */
const detector: Net = {
  nodes: [
    conv('x', 'w1', 'a', { strides: [2, 2] }),
    ...silu('a', 'b'),
    { op: 'Split', inputs: ['b', 'halves'], outputs: ['l', 'r'], attributes: { axis: 1 } },
    conv('r', 'w2', 'c'),
    ...silu('c', 'd'),
    node('Add', ['r', 'd'], 'e'),
    node('Concat', ['l', 'r', 'e'], 'f', { axis: 1 }),
    node('MaxPool', ['f'], 'm', { kernel_shape: [5, 5], pads: [2, 2, 2, 2] }),
    node('Conv', ['m', 'w3'], 'boxes'),
    node('Conv', ['m', 'w4'], 'classes'),
    node('Concat', ['boxes', 'classes'], 'o', { axis: 1 }),
    node('Reshape', ['o', 'flat'], 'q'),
    { op: 'Split', inputs: ['q', 'parts'], outputs: ['bx', 'cl'], attributes: { axis: 1 } },
    node('Reshape', ['bx', 'sides'], 'h'),
    node('Transpose', ['h'], 'i', { perm: [0, 2, 1, 3] }),
    node('Softmax', ['i'], 'j', { axis: 1 }),
    node('Conv', ['j', 'bins'], 'k'),
    node('Reshape', ['k', 'four'], 'distances'),
    node('Slice', ['distances', 'i0', 'i2', 'i1'], 'lt'),
    node('Slice', ['distances', 'i2', 'i4', 'i1'], 'rb'),
    node('Sub', ['anchors', 'lt'], 'x1'),
    node('Add', ['anchors', 'rb'], 'x2'),
    node('Concat', ['x1', 'x2'], 'corners', { axis: 1 }),
    node('Mul', ['corners', 'stride'], 'scaled'),
    node('Sigmoid', ['cl'], 'scores'),
    node('Concat', ['scaled', 'scores'], 'y', { axis: 1 }),
  ],
  constants: [
    w('w1', [16, 3, 3, 3]),
    onnxInts('halves', [8, 8]),
    w('w2', [8, 8, 3, 3]),
    w('w3', [64, 24, 1, 1]),
    w('w4', [5, 24, 1, 1]),
    onnxInts('flat', [1, 69, -1]),
    onnxInts('parts', [64, 5]),
    onnxInts('sides', [1, 4, 16, 80]),
    onnxFloats(
      'bins',
      [1, 16, 1, 1],
      Array.from({ length: 16 }, (_, at) => at),
    ),
    onnxInts('four', [1, 4, 80]),
    ...[0, 1, 2, 4].map((value) => onnxInts(`i${value}`, [value])),
    w('anchors', [1, 2, 80]),
    onnxFloats('stride', [1, 80], Array<number>(80).fill(2)),
  ],
};

describe.each([
  ['U-Net', unet, 18, 22],
  ['pixel shuffle', shuffled, 9, 11],
  ['padding computed from the size', padded, 9, 14],
  ['classifier', classifier, 16, 16],
] as const)('%s', (_name, net, height, width) => {
  test('of a fixed size', async () => {
    await compareNet(net, [1, 3, height, width], [1, 3, height, width]);
  });

  test('of open sizes, with any batch', async () => {
    const spec = await compareNet(net, ['n', 3, 'h', 'w'], [1, 3, height, width]);
    expect(spec.batchFree).toBe(true);
    await compareNet(net, ['n', 3, 'h', 'w'], [3, 3, height, width]);
  });
});

test('detector', async () => {
  await compareNet(detector, [1, 3, 16, 20], [1, 3, 16, 20]);
});
