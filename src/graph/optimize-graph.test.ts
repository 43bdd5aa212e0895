import { describe, expect, test } from 'vitest';
import { DnnError } from '../base/errors.ts';
import { dilated } from './dilated-network.test-support.ts';
import type { Graph, GraphNode } from './graph.ts';
import { convolution, floats, graph, ints, node, placeholder } from './graph-builder.test-support.ts';
import { constTensor, shapeAttr } from './node-attrs.ts';
import { optimizeGraph } from './optimize-graph.ts';
import { pictures, runGraph } from './run-graph.test-support.ts';
import { elements } from './values/known-value.ts';

function find(model: Graph, name: string): GraphNode {
  return model.nodes.find((entry) => entry.name === name)!;
}

/**
 * A small relative of the public derain network: variables read through Identity,
 * dilations, leaky ReLU both ways.
 */
const derain = graph(
  placeholder('x', [1, -1, -1, 3]),
  ...convolution('enc', 'x', [3, 3, 3, 4]),
  floats('bias', [4]),
  node('bias/read', 'Identity', ['bias']),
  node('enc/add', 'BiasAdd', ['enc', 'bias/read']),
  node('enc/leaky', 'LeakyRelu', ['enc/add'], { alpha: { f: 0.25 } }),
  ...dilated('mid', 'enc/leaky', { dilation: 2, kernel: [3, 3, 4, 4] }),
  node('mid/add', 'BiasAdd', ['mid', 'bias/read']),
  floats('alpha', [], [0.25]),
  node('mid/mul', 'Mul', ['alpha', 'mid/add']),
  node('mid/leaky', 'Maximum', ['mid/mul', 'mid/add']),
  ...convolution('dec', 'mid/leaky', [1, 1, 4, 3]),
  node('sub', 'Sub', ['x', 'dec']),
  node('y', 'Identity', ['sub']),
  node('saver', 'Tanh', ['y']),
);

test('all passes together leave the network itself', () => {
  const result = optimizeGraph(derain, { input: 'x', outputs: ['y'] });
  const ops = result.graph.nodes.filter((entry) => entry.op !== 'Const').map((entry) => entry.op);
  expect(ops).toEqual(['Placeholder', '_FusedConv2D', '_FusedConv2D', 'Conv2D', 'Sub']);
  expect(result.batchFree).toBe(true);
  expect(result.batchBlockedBy).toBeUndefined();
  expect(result.notes).toContain('1 SpaceToBatchND groups folded into dilated convolutions');
  expect(result.notes).toContain('2 convolutions fused with bias or activation');
});

test('the function stays the same, for several images and odd sizes', () => {
  const { graph: optimized } = optimizeGraph(derain, { input: 'x', outputs: ['y'] });
  for (const [height, width] of [
    [7, 10],
    [12, 5],
  ] as const) {
    const before = runGraph(derain, { x: pictures(1, height, width, 3) }, 'y');
    const after = runGraph(optimized, { x: pictures(3, height, width, 3) }, 'y');
    expect(after.shape).toEqual([3, height, width, 3]);
    const differences = elements(before).map((value, index) => Math.abs(value - after.data[index]!));
    expect(Math.max(...differences)).toBeLessThan(1e-5);
  }
});

test('the given graph is not changed', () => {
  const before = structuredClone(derain);
  optimizeGraph(derain, { input: 'x', outputs: ['y'] });
  expect(derain).toEqual(before);
});

describe('sizes', () => {
  const scaled = graph(
    placeholder('x', [1, -1, -1, 3]),
    node('shape', 'Shape', ['x']),
    ints('b', [1]),
    ints('e', [3]),
    ints('s', [1]),
    node('hw', 'StridedSlice', ['shape', 'b', 'e', 's']),
    ints('two', 2),
    node('size', 'Mul', ['hw', 'two']),
    node('y', 'ResizeBilinear', ['x', 'size']),
  );

  test('that are fixed become constants, with the batch still free', () => {
    const result = optimizeGraph(scaled, { input: 'x', outputs: ['y'], sizes: { x: [1, 20, 30, 3] } });
    expect(constTensor(find(result.graph, 'size'))?.data).toEqual(Int32Array.of(40, 60));
    expect(shapeAttr(find(result.graph, 'x'), 'shape')).toEqual([-1, 20, 30, 3]);
    expect(result.batchFree).toBe(true);
  });

  test('that are open stay computed', () => {
    const result = optimizeGraph(scaled, { input: 'x', outputs: ['y'] });
    expect(find(result.graph, 'size').op).toBe('Mul');
    expect(result.batchFree).toBe(true);
  });

  test('that the model does not take are refused', () => {
    const options = { input: 'x', outputs: ['y'], sizes: { x: [1, 20, 30, 4] } };
    expect(() => optimizeGraph(scaled, options)).toThrow(/'x' .*takes \[1, \?, \?, 3\].*\[\?, 20, 30, 4\]/);
  });
});

test('a blocked batch is reported, and a batch of one may be folded in', () => {
  const model = graph(
    placeholder('x', [1, 6, 4, 8]),
    ints('axes', [0, 1, 2]),
    node('m', 'Mean', ['x', 'axes'], { keep_dims: true }),
    node('d', 'Sub', ['x', 'm']),
    node('shape', 'Shape', ['d']),
    node('y', 'Reshape', ['d', 'shape']),
  );
  const result = optimizeGraph(model, { input: 'x', outputs: ['y'] });
  expect(result.batchFree).toBe(false);
  expect(result.batchBlockedBy).toBe("'m' (Mean)");
  expect(shapeAttr(find(result.graph, 'x'), 'shape')).toEqual([1, 6, 4, 8]);
  expect(constTensor(find(result.graph, 'shape'))?.data).toEqual(Int32Array.of(1, 6, 4, 8));
});

test('any node can be the input', () => {
  const result = optimizeGraph(derain, { input: 'enc/leaky', outputs: ['dec'] });
  expect(find(result.graph, 'enc/leaky')).toMatchObject({ op: 'Placeholder', inputs: [] });
  expect(result.graph.nodes.some((entry) => entry.name === 'x')).toBe(false);
});

test('several outputs keep their names', () => {
  const result = optimizeGraph(derain, { input: 'x', outputs: ['y', 'sub', 'enc/leaky', 'mid/add'] });
  for (const name of ['y', 'sub', 'enc/leaky', 'mid/add']) expect(find(result.graph, name)).toBeDefined();
  expect(runGraph(result.graph, { x: pictures(1, 5, 5, 3) }, 'y').shape).toEqual([1, 5, 5, 3]);
});

test('a graph that contradicts itself names the node', () => {
  const wrong = graph(placeholder('x', [1, -1, -1, 1]), ...convolution('y', 'x', [3, 3, 3, 1]));
  expect(() => optimizeGraph(wrong, { input: 'x', outputs: ['y'] })).toThrow(DnnError);
  expect(() => optimizeGraph(wrong, { input: 'x', outputs: ['y'] })).toThrow(/'y' \(Conv2D\)/);
});

test('control flow is left alone', () => {
  const model = graph(
    placeholder('x', [1, -1, -1, 1]),
    node('enter', 'Enter', ['x']),
    node('merge', 'Merge', ['enter', 'next']),
    node('cond', 'LoopCond', ['merge:1']),
    node('switch', 'Switch', ['merge', 'cond']),
    node('body', 'Identity', ['switch:1']),
    node('next', 'NextIteration', ['body', '^cond']),
    node('y', 'Exit', ['switch']),
  );
  const result = optimizeGraph(model, { input: 'x', outputs: ['y'] });
  expect(result.graph.nodes.map((entry) => entry.name)).toEqual(model.nodes.map((entry) => entry.name));
  expect(find(result.graph, 'next').inputs).toEqual(['body', '^cond']);
  expect(result.batchFree).toBe(false);
});
