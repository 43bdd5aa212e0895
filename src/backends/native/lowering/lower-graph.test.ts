import { expect, test } from 'vitest';
import type { Graph, GraphNode } from '../../../graph/graph.ts';
import {
  convolution,
  floats,
  graph,
  ints,
  node,
  placeholder,
} from '../../../graph/graph-builder.test-support.ts';
import { lowerGraph } from './lower-graph.ts';
import type { Network } from './network.ts';
import { espcn, specOf } from './networks.test-support.ts';

/** What a device may have layers for. */
const deviceOps: ReadonlySet<string> = new Set(
  'Conv2D DepthToSpace Tanh Relu CRelu Add AddV2 Sub Sum ConcatV2 Slice Reshape'.split(' '),
);

function lower(model: Graph, outputs: readonly string[] = ['y'], channels = 4): Network {
  const { graph: optimized } = specOf(model, outputs);
  const size = { height: 6, width: 8, channels };
  return lowerGraph({ graph: optimized, input: 'x', outputs, size, ops: deviceOps });
}

const input = placeholder('x', [1, -1, -1, 4]);
const conv = (name: string, from: string): GraphNode[] => convolution(name, from, [3, 3, 4, 4]);
const bias = floats('bias', [4], [1, 2, 3, 4]);
const ops = ({ steps }: Network): string[] => steps.map(({ spec }) => spec.node.op);

test('ESPCN is four layers', () => {
  const network = lower(espcn(), ['y'], 1);
  expect(ops(network)).toEqual(['Conv2D', 'Conv2D', 'Conv2D', 'DepthToSpace']);
  expect(network.steps.map(({ spec }) => spec.epilogue.activation.kind)).toEqual([
    'tanh',
    'tanh',
    'tanh',
    'none',
  ]);
  expect(network.steps.map(({ inputs }) => inputs)).toEqual([[0], [1], [2], [3]]);
});

test('bias, activation and residual go into the store', () => {
  const network = lower(
    graph(
      input,
      ...conv('c', 'x'),
      bias,
      floats('slopes', [1, 1, 4], [0.1, 0.2, 0.3, 0.4]),
      node('b', 'Add', ['bias', 'c']),
      node('p', 'Prelu', ['b', 'slopes']),
      node('y', 'AddV2', ['x', 'p']),
    ),
  );
  expect(ops(network)).toEqual(['Conv2D']);
  const { epilogue, inputs } = network.steps[0]!.spec;
  expect(epilogue.bias).toEqual(Float32Array.of(1, 2, 3, 4));
  expect(epilogue.activation).toMatchObject({ kind: 'prelu', slopes: Float32Array.of(0.1, 0.2, 0.3, 0.4) });
  expect([epilogue.residual, inputs.length, network.steps[0]!.inputs]).toEqual([1, 2, [0, 0]]);
});

test('x - conv(…) takes negated weights; with an activation it stays a layer', () => {
  const exact = lower(
    graph(input, ...conv('c', 'x'), bias, node('b', 'BiasAdd', ['c', 'bias']), node('y', 'Sub', ['x', 'b'])),
  );
  const plain = lower(graph(input, ...conv('y', 'x')));
  expect(ops(exact)).toEqual(['Conv2D']);
  expect(exact.steps[0]!.spec.epilogue.bias).toEqual(Float32Array.of(-1, -2, -3, -4));
  const [negated, weights] = [exact, plain].map(({ steps }) =>
    Array.from(steps[0]!.spec.constants.get(1)!.data, Number),
  );
  expect(negated).toEqual(weights!.map((value) => -value));
  const model = graph(input, ...conv('c', 'x'), node('r', 'Relu', ['c']), node('y', 'Sub', ['x', 'r']));
  expect(ops(lower(model))).toEqual(['Conv2D', 'Sub']);
});

test('what is read elsewhere is not fused away', () => {
  const model = graph(input, ...conv('c', 'x'), node('r', 'Relu', ['c']), node('y', 'Add', ['r', 'x']));
  expect(ops(lower(model, ['y']))).toEqual(['Conv2D']);
  expect(ops(lower(model, ['y', 'c']))).toEqual(['Conv2D', 'Relu', 'Add']);
  expect(ops(lower(model, ['y', 'r']))).toEqual(['Conv2D', 'Add']);
});

test('a Relu behind the sum goes into the store of the convolution that comes first', () => {
  const model = graph(input, ...conv('c', 'x'), node('s', 'Add', ['x', 'c']), node('y', 'Relu', ['s']));
  const network = lower(model);
  expect(ops(network)).toEqual(['Conv2D']);
  expect(network.steps[0]!.spec.epilogue).toMatchObject({
    activation: { kind: 'relu' },
    residual: 1,
    residualFirst: true,
  });
  const other = convolution('d', 'x', [1, 1, 4, 4]);
  const sum = [node('s', 'Add', ['c', 'd']), node('y', 'Relu', ['s'])];
  expect(ops(lower(graph(input, ...conv('c', 'x'), ...other, ...sum)))).toEqual(['Conv2D', 'Conv2D']);
});

test('a convolution of 1x1 reads tensors side by side in place', () => {
  const model = graph(
    input,
    node('t', 'Tanh', ['x']),
    ints('axis', 3),
    node('both', 'ConcatV2', ['x', 't', 'axis']),
    ...convolution('c', 'both', [1, 1, 8, 4]),
    node('y', 'Sub', ['x', 'c']),
  );
  const network = lower(model);
  expect(ops(network)).toEqual(['Tanh', 'Conv2D']);
  const { inputs, spec } = network.steps[1]!;
  expect([inputs, spec.joined, spec.epilogue.residual]).toEqual([[0, 1, 0], 2, 2]);
  expect(spec.constants.get(1)?.shape).toEqual([1, 1, 8, 4]);
  expect(ops(lower(model, ['y', 'both']))).toEqual(['Tanh', 'ConcatV2', 'Conv2D']);
});

test('two convolutions that meet in a sum are one over both inputs', () => {
  const model = graph(input, ...conv('c', 'x'), ...conv('d', 'x'), node('y', 'Add', ['c', 'd']));
  const network = lower(model);
  expect(ops(network)).toEqual(['ConcatV2', 'Conv2D']);
  expect(network.steps.map(({ inputs }) => inputs)).toEqual([[0, 0], [1]]);
});

test('two convolutions of different windows that meet in a sum are two layers', () => {
  const other = convolution('d', 'x', [1, 1, 4, 4]);
  const network = lower(graph(input, ...conv('c', 'x'), ...other, node('y', 'Add', ['c', 'd'])));
  expect(ops(network)).toEqual(['Conv2D', 'Conv2D']);
  expect(network.steps[1]!.inputs).toEqual([0, 1]);
});

test('shapes of equal layout are aliases, splits are slices, both signs are one layer', () => {
  const model = graph(
    input,
    ints('shape', [-1, 6, 8, 4]),
    node('same', 'Reshape', ['x', 'shape']),
    ints('axis', 3),
    node('halves', 'Split', ['axis', 'same'], { num_split: 2 }),
    node('plus', 'Relu', ['halves:1']),
    node('minus', 'Neg', ['halves:1']),
    node('other', 'Relu', ['minus']),
    node('crelu', 'ConcatV2', ['plus', 'other', 'axis']),
    node('y', 'ConcatV2', ['halves', 'crelu', 'axis']),
  );
  const network = lower(model);
  expect(ops(network)).toEqual(['Slice', 'Slice', 'CRelu', 'ConcatV2']);
  expect(network.steps.map(({ spec }) => spec.output.channels)).toEqual([2, 2, 4, 6]);
  expect(network.steps.map(({ inputs }) => inputs)).toEqual([[0], [0], [2], [1, 3]]);
});

test('what is packed gets its axis first, what is unpacked loses it last', () => {
  const model = graph(
    input,
    node('parts', 'Unpack', ['x'], { axis: 3, num: 4 }),
    floats('more', [1, 6, 8]),
    node('back', 'Pack', ['parts:3', 'more', 'parts:1'], { axis: -1 }),
    node('turned', 'Pack', ['parts:0', 'parts:2'], { axis: 1 }),
    node('y', 'Sum', ['back', 'axes'], { keep_dims: true }),
    ints('axes', [3]),
  );
  const network = lower(model, ['y', 'turned']);
  expect(ops(network)).toEqual([
    ...['Slice', 'Reshape', 'Slice', 'Reshape', 'Slice', 'Reshape', 'Slice', 'Reshape'],
    ...['Reshape', 'Reshape', 'ConcatV2', 'ConcatV2', 'Sum'],
  ]);
  const [slice, reshape] = network.steps;
  expect(slice!.spec.output).toEqual({ height: 6, width: 8, channels: 1 });
  expect(reshape!.spec.output).toEqual({ height: 1, width: 6, channels: 8 });
});

test('a device lowers by the ops that it has: each one that it lacks is named, and both signs stay two layers', () => {
  const model = graph(
    input,
    node('plus', 'Relu', ['x']),
    node('minus', 'Neg', ['x']),
    node('other', 'Relu', ['minus']),
    ints('axis', 3),
    node('y', 'ConcatV2', ['plus', 'other', 'axis']),
  );
  const lowerFor = (...has: string[]): Network => {
    const size = { height: 6, width: 8, channels: 4 };
    return lowerGraph({ graph: model, input: 'x', outputs: ['y'], size, ops: new Set(has) });
  };
  expect(ops(lowerFor('CRelu'))).toEqual(['CRelu']);
  expect(ops(lowerFor('Relu', 'Neg', 'ConcatV2'))).toEqual(['Relu', 'Neg', 'Relu', 'ConcatV2']);
  expect(() => lowerFor('Relu')).toThrow(/no layer for: Neg, ConcatV2\. /);
});
