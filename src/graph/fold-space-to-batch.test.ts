import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DilatedOptions } from './dilated-network.test-support.ts';
import { dilated } from './dilated-network.test-support.ts';
import { foldSpaceToBatch } from './fold-space-to-batch.ts';
import type { Graph, GraphNode } from './graph.ts';
import { convolution, graph, ints, node, placeholder } from './graph-builder.test-support.ts';
import { intsAttr, stringAttr } from './node-attrs.ts';
import { removeDeadNodes } from './remove-dead-nodes.ts';
import { pictures, runGraph } from './run-graph.test-support.ts';
import { elements } from './values/known-value.ts';

const kept = new Set(['x', 'y']);

function fold(model: Graph): { after: Graph; folded: number; convolutions: GraphNode[] } {
  const { graph: result, folded } = foldSpaceToBatch(model, 'x', kept);
  const after = removeDeadNodes(result, ['x'], ['y']);
  const convolutions = after.nodes.filter((entry) => ['Conv2D', 'DepthwiseConv2dNative'].includes(entry.op));
  return { after, folded, convolutions };
}

function largestDifference(before: Graph, after: Graph, height: number, width: number): number {
  const input = pictures(2, height, width, 2);
  const [one, other] = [runGraph(before, { x: input }, 'y'), runGraph(after, { x: input }, 'y')];
  expect(other.shape).toEqual(one.shape);
  return Math.max(...elements(one).map((value, index) => Math.abs(value - other.data[index]!)));
}

function network(options: DilatedOptions): Graph {
  return graph(placeholder('x', [-1, -1, -1, 2]), ...dilated('y', 'x', options));
}

const cases: [string, DilatedOptions, string][] = [
  ['SAME', { dilation: 2, kernel: [3, 3, 2, 3] }, 'SAME'],
  ['SAME, even kernel', { dilation: 3, kernel: [2, 2, 2, 3] }, 'SAME'],
  ['SAME, kernel 5, block 4', { dilation: 4, kernel: [5, 5, 2, 1] }, 'SAME'],
  ['VALID', { dilation: 2, kernel: [3, 3, 2, 3], base: [0, 0] }, 'VALID'],
  ['depthwise', { dilation: 2, kernel: [3, 3, 2, 2], depthwise: true }, 'SAME'],
  ['bias inside', { dilation: 2, kernel: [3, 3, 2, 3], between: 'BiasAdd' }, 'SAME'],
  ['activation inside', { dilation: 2, kernel: [3, 3, 2, 3], between: 'Relu' }, 'SAME'],
];

describe.each(cases)('%s', (_label, options, padding) => {
  const model = network(options);
  const { after, folded, convolutions } = fold(model);

  test('becomes one dilated convolution', () => {
    expect(folded).toBe(1);
    expect(after.nodes.map((entry) => entry.op)).not.toContain('SpaceToBatchND');
    expect(after.nodes.map((entry) => entry.op)).not.toContain('Shape');
    expect(convolutions).toHaveLength(1);
    expect(stringAttr(convolutions[0]!, 'padding', '')).toBe(padding);
    expect(intsAttr(convolutions[0]!, 'dilations')).toEqual([1, options.dilation, options.dilation, 1]);
  });

  test('that gives the same picture at any size', () => {
    const sizes = fc.tuple(fc.integer({ min: 9, max: 24 }), fc.integer({ min: 9, max: 24 }));
    fc.assert(
      fc.property(sizes, ([height, width]) => largestDifference(model, after, height, width) < 1e-5),
      { numRuns: 8 },
    );
  });
});

test('groups one behind the other are folded together', () => {
  const model = graph(
    placeholder('x', [1, -1, -1, 2]),
    ...dilated('a', 'x', { dilation: 2, kernel: [3, 3, 2, 2] }),
    node('r', 'Relu', ['a']),
    ...dilated('b', 'r', { dilation: 4, kernel: [3, 3, 2, 2] }),
    ...dilated('y', 'b', { dilation: 8, kernel: [3, 3, 2, 2] }),
  );
  const { after, folded, convolutions } = fold(model);
  expect(folded).toBe(3);
  expect(convolutions.map((entry) => intsAttr(entry, 'dilations')[1])).toEqual([2, 4, 8]);
  const input = pictures(1, 13, 10, 2);
  const [one, other] = [runGraph(model, { x: input }, 'y'), runGraph(after, { x: input }, 'y')];
  expect(Math.max(...elements(one).map((value, index) => Math.abs(value - other.data[index]!)))).toBeLessThan(
    1e-4,
  );
});

describe('not folded', () => {
  test('paddings that are neither SAME nor VALID', () => {
    expect(fold(network({ dilation: 2, kernel: [3, 3, 2, 2], base: [2, 3] })).folded).toBe(0);
    expect(fold(network({ dilation: 2, kernel: [3, 3, 2, 2], base: [1, 3] })).folded).toBe(0);
  });

  const fixed = (height: number, width: number, paddings: number[], crops: number[]): Graph =>
    graph(
      placeholder('x', [1, height, width, 2]),
      ints('block', [2, 2]),
      ints('p', paddings, [2, 2]),
      ints('c', crops, [2, 2]),
      node('s2b', 'SpaceToBatchND', ['x', 'block', 'p']),
      ...convolution('conv', 's2b', [3, 3, 2, 2], { padding: 'VALID' }),
      node('y', 'BatchToSpaceND', ['conv', 'block', 'c']),
    );

  test('constant paddings that fit only even sizes of an open input', () => {
    const model = fixed(-1, -1, [2, 2, 2, 2], [0, 0, 0, 0]);
    expect(fold(model).folded).toBe(0);
    expect(fold(fixed(8, 6, [2, 2, 2, 2], [0, 0, 0, 0])).folded).toBe(1);
  });

  test('constant paddings that fit only even numbers of rows, or of columns', () => {
    const model = (height: number, width: number): Graph =>
      graph(
        placeholder('x', [1, -1, -1, 2]),
        ints('block', [height, width]),
        ints(
          'p',
          [height === 2 ? 2 : 1, height === 2 ? 2 : 1, width === 2 ? 2 : 1, width === 2 ? 2 : 1],
          [2, 2],
        ),
        ints('c', [0, 0, 0, 0], [2, 2]),
        node('s2b', 'SpaceToBatchND', ['x', 'block', 'p']),
        ...convolution('conv', 's2b', [3, 3, 2, 2], { padding: 'VALID' }),
        node('y', 'BatchToSpaceND', ['conv', 'block', 'c']),
      );
    expect(fold(model(1, 1)).folded).toBe(1);
    expect(fold(model(2, 1)).folded).toBe(0);
    expect(fold(model(1, 2)).folded).toBe(0);
  });

  test('paddings that are SAME for all but the smallest frames', () => {
    const usual = network({ dilation: 2, kernel: [3, 3, 2, 2] });
    expect(fold(usual).folded).toBe(1);
    // For a frame of one row, one row of the padding before it stands behind it.
    const nodes = usual.nodes.map((entry) =>
      entry.name === 'y/dilated/padding1' ? { ...entry, inputs: ['least', 'behind'] } : entry,
    );
    const moved = [
      node('least', 'Minimum', ['y/dilated/size1', 'y/dilated/before1']),
      node('moved', 'Sub', ['y/dilated/before1', 'least']),
      node('behind', 'Add', ['y/dilated/end1', 'moved']),
    ];
    expect(fold(graph(...nodes, ...moved)).folded).toBe(0);
  });

  test('a padding that is right for rows and wrong for columns', () => {
    expect(fold(fixed(8, 6, [2, 2, 0, 0], [0, 0, 0, 0])).folded).toBe(0);
  });

  test('another block on the way back, a strided convolution, a tensor that something else reads', () => {
    const model = network({ dilation: 2, kernel: [3, 3, 2, 2] });
    const edit = (name: string, change: (entry: GraphNode) => GraphNode): Graph =>
      graph(...model.nodes.map((entry) => (entry.name === name ? change(entry) : entry)));
    const other = edit('y', (entry) => ({ ...entry, inputs: [entry.inputs[0]!, 'other', entry.inputs[2]!] }));
    expect(fold(graph(...other.nodes, ints('other', [4, 1]))).folded).toBe(0);
    const strided = edit('y/dilated/conv', (entry) => ({
      ...entry,
      attrs: { ...entry.attrs, strides: { list: { i: [1, 2, 2, 1] } } },
    }));
    expect(fold(strided).folded).toBe(0);
    expect(fold(graph(...model.nodes, node('peek', 'Relu', ['y/dilated/conv']))).folded).toBe(0);
  });
});
