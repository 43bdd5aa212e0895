import fc from 'fast-check';
import { test } from 'vitest';
import { DnnError } from '../base/errors.ts';
import { dilated } from '../graph/dilated-network.test-support.ts';
import type { AttrValue, Graph, GraphNode } from '../graph/graph.ts';
import { convolution, floats, graph, ints, node, placeholder } from '../graph/graph-builder.test-support.ts';
import { inferShapes } from '../graph/infer-shapes.ts';
import { optimizeGraph } from '../graph/optimize-graph.ts';
import { writeGraphDef } from './graphdef/graphdef-writer.test-support.ts';
import { readGraphDef } from './graphdef/read-graphdef.ts';

const valid = graph(
  placeholder('x', [1, -1, -1, 3]),
  ints('pads', [0, 0, 2, 2, 2, 2, 0, 0], [4, 2]),
  node('pad', 'MirrorPad', ['x', 'pads'], { mode: 'SYMMETRIC' }),
  ...convolution('conv', 'pad', [5, 5, 3, 4], { padding: 'VALID' }),
  floats('bias', [4]),
  node('add', 'BiasAdd', ['conv', 'bias']),
  node('relu', 'Relu', ['add']),
  ...dilated('far', 'relu', { dilation: 2, kernel: [3, 3, 4, 4] }),
  floats('alpha', [], [0.25]),
  node('mul', 'Mul', ['far', 'alpha']),
  node('max', 'Maximum', ['far', 'mul']),
  ints('axis', 3),
  node('parts', 'Split', ['axis', 'max'], { num_split: 2 }),
  node('joined', 'ConcatV2', ['parts:1', 'parts', 'axis']),
  ints('target', [1, -1, 4]),
  node('rows', 'Reshape', ['joined', 'target']),
  node('shape', 'Shape', ['max']),
  node('back', 'Reshape', ['rows', 'shape']),
  node('large', 'DepthToSpace', ['back'], { block_size: 2 }),
  node('y', 'Identity', ['large']),
);

/** Everything that happens to a model before its first frame; nothing but a DnnError may come out. */
function survives(model: Graph): void {
  const attempts = [
    () => inferShapes(model, { x: [1, 20, 24, 3] }).whereItStopped('y'),
    () => optimizeGraph(model, { input: 'x', outputs: ['y'] }),
    () => optimizeGraph(model, { input: 'x', outputs: ['y'], sizes: { x: [1, 20, 24, 3] } }),
  ];
  for (const attempt of attempts) {
    try {
      attempt();
    } catch (error) {
      if (!(error instanceof DnnError)) throw error;
    }
  }
}

const ops = [
  ...new Set(valid.nodes.map((entry) => entry.op)),
  'Pack',
  'Unpack',
  'StridedSlice',
  'Slice',
  'Tile',
  'Fill',
  'Range',
  'Mean',
  'Squeeze',
  'ExpandDims',
  'Transpose',
  'ResizeBilinear',
  'Conv2DBackpropInput',
  'FusedBatchNormV3',
  'MatMul',
  'Cast',
  'GatherV2',
  'SplitV',
  'OneHot',
  'MyOp',
];
const references = valid.nodes.flatMap((entry) => [entry.name, `${entry.name}:1`, `^${entry.name}`]);
const attrNames = [
  ...new Set(valid.nodes.flatMap((entry) => Object.keys(entry.attrs))),
  'axis',
  'num',
  'squeeze_dims',
  'keep_dims',
  'shrink_axis_mask',
];

const number = fc.oneof(fc.constantFrom(-1, 0, 1, 2, 3, 4, 2 ** 31 - 1, -(2 ** 31)), fc.integer());
const attrValue: fc.Arbitrary<AttrValue> = fc.oneof(
  number.map((i) => ({ i })),
  fc.constantFrom('SAME', 'VALID', 'EXPLICIT', 'NCHW', '').map((s) => ({ s })),
  fc.array(number, { maxLength: 5 }).map((i) => ({ list: { i } })),
  fc.array(fc.integer({ min: -1, max: 9 }), { maxLength: 5 }).map((shape) => ({ shape })),
  fc.constant({ shape: null }),
  fc.array(fc.integer({ min: -3, max: 9 }), { maxLength: 8 }).map((values) => ({
    tensor: { dtype: 'int32' as const, shape: [values.length], data: Int32Array.from(values) },
  })),
);

/** One damaged property of one node. */
const damage: fc.Arbitrary<(entry: GraphNode) => GraphNode> = fc.oneof(
  fc.constantFrom(...ops).map((op) => (entry: GraphNode) => ({ ...entry, op })),
  fc
    .array(fc.constantFrom(...references), { maxLength: 4 })
    .map((inputs) => (entry: GraphNode) => ({ ...entry, inputs })),
  fc.tuple(fc.nat(3), fc.constantFrom(...references)).map(([index, input]) => (entry: GraphNode) => ({
    ...entry,
    inputs: entry.inputs.toSpliced(index, 1, input),
  })),
  fc
    .tuple(fc.constantFrom(...attrNames), attrValue)
    .map(([name, value]) => (entry: GraphNode) => ({ ...entry, attrs: { ...entry.attrs, [name]: value } })),
  attrValue.map((value) => (entry: GraphNode) => ({ ...entry, attrs: { ...entry.attrs, value } })),
);

test('graphs with damaged nodes end in a DnnError or in a graph', () => {
  const damages = fc.array(fc.tuple(fc.nat(valid.nodes.length - 1), damage), { minLength: 1, maxLength: 3 });
  const run = (edits: readonly (readonly [number, (entry: GraphNode) => GraphNode])[]): void => {
    const nodes = [...valid.nodes];
    for (const [index, edit] of edits) nodes[index] = edit(nodes[index]!);
    survives(graph(...nodes));
  };
  fc.assert(fc.property(damages, run), { numRuns: 150 });
});

test('damaged files that can still be read, too', () => {
  const file = writeGraphDef(valid);
  const flips = fc.array(fc.nat(file.length * 8 - 1), { minLength: 1, maxLength: 3 });
  const run = (bits: readonly number[]): void => {
    const copy = file.slice();
    for (const bit of bits) copy[bit >> 3]! ^= 1 << (bit & 7);
    let model: Graph;
    try {
      model = readGraphDef(copy, 'flipped.pb');
    } catch (error) {
      if (error instanceof DnnError) return;
      throw error;
    }
    survives(model);
  };
  fc.assert(fc.property(flips, run), { numRuns: 150 });
});
