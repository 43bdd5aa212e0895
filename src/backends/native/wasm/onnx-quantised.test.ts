/** Quantised nodes of ONNX give on the native backend what onnxruntime gives. */
import { test } from 'vitest';
import {
  onnxFloats,
  onnxNode,
  onnxValue,
  type TestModel,
  type TestNode,
  type TestTensor,
} from '../../../model/onnx/onnx-writer.test-support.ts';
import { compare, weights } from './compare-onnxruntime.test-support.ts';

const bytes = (
  name: string,
  dims: readonly number[],
  values: readonly number[],
  signed = false,
): TestTensor => ({
  name,
  type: signed ? 3 : 2,
  dims,
  values,
});
const scale = (name: string, ...values: number[]): TestTensor =>
  onnxFloats(name, values.length === 1 ? [] : [values.length], values);
const pattern = (count: number): number[] =>
  Array.from({ length: count }, (_, at) => ((at * 37) % 201) - 100);

function model(nodes: readonly TestNode[], constants: readonly TestTensor[], type = 1): TestModel {
  return {
    opset: 13,
    opsets: { 'com.microsoft': 1 },
    graph: { inputs: [onnxValue('x', [1, 4, 7, 9])], outputs: [onnxValue('y', [], type)], nodes, constants },
  };
}

const quantised = [onnxNode('QuantizeLinear', ['x', 'xs', 'xz'], 'q')];
const input = [scale('xs', 1 / 32), bytes('xz', [], [119])];

test('QuantizeLinear, with uint8 and int8', async () => {
  await compare(model([onnxNode('QuantizeLinear', ['x', 'xs', 'xz'], 'y')], input, 2), [1, 4, 7, 9]);
  const signed = [scale('xs', 0.0101), bytes('xz', [], [-3], true)];
  await compare(model([onnxNode('QuantizeLinear', ['x', 'xs', 'xz'], 'y')], signed, 3), [1, 4, 7, 9]);
});

test('scales along an axis, there and back', async () => {
  const nodes = [
    onnxNode('QuantizeLinear', ['x', 's', 'z'], 'q', { axis: 1 }),
    onnxNode('DequantizeLinear', ['q', 's', 'z'], 'y', { axis: 1 }),
  ];
  const constants = [scale('s', 0.1, 0.2, 0.05, 0.01), bytes('z', [4], [10, 128, 0, 255])];
  await compare(model(nodes, constants), [1, 4, 7, 9]);
});

test('weights behind DequantizeLinear', async () => {
  const nodes = [
    onnxNode('DequantizeLinear', ['w', 'ws', 'wz'], 'wf', { axis: 0 }),
    onnxNode('Conv', ['x', 'wf', 'b'], 'y', { pads: [1, 1, 1, 1] }),
  ];
  const constants = [
    bytes('w', [3, 4, 3, 3], pattern(108), true),
    scale('ws', 0.01, 0.02, 0.03),
    bytes('wz', [3], [0, 0, 0], true),
    weights('b', [3]),
  ];
  await compare(model(nodes, constants), [1, 4, 7, 9], 2e-5);
});

test.each([
  ['one scale', [0.02], [0]],
  ['one a channel', [0.02, 0.015, 0.03], [0, 0, 0]],
])('QLinearConv, %s', async (_name, ws, wz) => {
  const nodes = [
    ...quantised,
    onnxNode('QLinearConv', ['q', 'xs', 'xz', 'w', 'ws', 'wz', 'ys', 'yz', 'b'], 'y', { pads: [1, 1, 1, 1] }),
  ];
  const constants = [
    ...input,
    bytes('w', [3, 4, 3, 3], pattern(108), true),
    scale('ws', ...ws),
    bytes('wz', ws.length === 1 ? [] : [3], wz, true),
    scale('ys', 0.25),
    bytes('yz', [], [128]),
    { name: 'b', type: 6, dims: [3], values: [100, -250, 7] },
  ];
  // Within one step: sums of Winograd's tiles are rounded.
  await compare(model(nodes, constants, 2), [1, 4, 7, 9], 1 / 64);
});

test('QLinearMatMul', async () => {
  const nodes = [
    ...quantised,
    onnxNode('QLinearMatMul', ['q', 'xs', 'xz', 'w', 'ws', 'wz', 'ys', 'yz'], 'y'),
  ];
  const constants = [
    ...input,
    bytes('w', [9, 5], pattern(45), true),
    scale('ws', 0.02),
    bytes('wz', [], [3], true),
    scale('ys', 0.1),
    bytes('yz', [], [128]),
  ];
  await compare(model(nodes, constants, 2), [1, 4, 7, 9]);
});

test('ConvInteger and MatMulInteger', async () => {
  const w = bytes('w', [3, 4, 3, 3], pattern(108).map(Math.abs));
  const convolution = [...quantised, onnxNode('ConvInteger', ['q', 'w', 'xz'], 'y')];
  await compare(model(convolution, [...input, w], 6), [1, 4, 7, 9]);
  const product = [...quantised, onnxNode('MatMulInteger', ['q', 'm', 'xz'], 'y')];
  await compare(model(product, [...input, bytes('m', [9, 5], pattern(45), true)], 6), [1, 4, 7, 9]);
});

test('DynamicQuantizeLinear', async () => {
  const node = { op: 'DynamicQuantizeLinear', inputs: ['x'], outputs: ['y', 's', 'z'] };
  await compare(model([node], [], 2), [1, 4, 7, 9]);
});

test.each(['QLinearAdd', 'QLinearMul'])('%s', async (op) => {
  const own = {
    ...onnxNode(op, ['q', 'xs', 'xz', 'q', 'xs', 'xz', 'ys', 'yz'], 'y'),
    domain: 'com.microsoft',
  };
  const constants = [...input, scale('ys', 0.05), bytes('yz', [], [100])];
  await compare(model([...quantised, own], constants, 2), [1, 4, 7, 9], 1 / 64);
});

test.each([
  ['QLinearAveragePool', { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }],
  ['QLinearGlobalAveragePool', {}],
])('%s', async (op, attributes) => {
  const inputs = ['q', 'xs', 'xz', 'ys', 'yz'];
  const own = { ...onnxNode(op, inputs, 'y', attributes), domain: 'com.microsoft' };
  const constants = [...input, scale('ys', 0.02), bytes('yz', [], [100])];
  await compare(model([...quantised, own], constants, 2), [1, 4, 7, 9], 1 / 64);
});

test('QLinearConcat', async () => {
  const inputs = ['ys', 'yz', 'q', 'xs', 'xz', 'q', 'xs', 'yz'];
  const own = { ...onnxNode('QLinearConcat', inputs, 'y', { axis: 1 }), domain: 'com.microsoft' };
  const constants = [...input, scale('ys', 0.05), bytes('yz', [], [100])];
  await compare(model([...quantised, own], constants, 2), [1, 4, 7, 9], 1 / 64);
});
