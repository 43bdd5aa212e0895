import { expect, test } from 'vitest';
import type { Graph, GraphNode } from '../../../graph/graph.ts';
import { convolution, floats, graph, node, placeholder } from '../../../graph/graph-builder.test-support.ts';
import { inferShapes } from '../../../graph/infer-shapes.ts';
import { removeDeadNodes } from '../../../graph/remove-dead-nodes.ts';
import { pictures, runGraph } from '../../../graph/run-graph.test-support.ts';
import { joinSummedConvolutions } from './join-summed-convolutions.ts';

function joined(model: Graph, outputs: readonly string[] = ['y']): Graph {
  const shapes = inferShapes(model, { x: [1, 5, 7, 4] });
  const result = joinSummedConvolutions(model, new Set(['x', ...outputs]), shapes);
  return removeDeadNodes(result, ['x'], [...outputs]);
}

function count({ nodes }: Graph, ...ops: string[]): number {
  return nodes.filter(({ op }) => ops.includes(op)).length;
}

function difference(model: Graph, other: Graph): number {
  const input = pictures(1, 5, 7, 4);
  const [one, two] = [runGraph(model, { x: input }, 'y'), runGraph(other, { x: input }, 'y')];
  expect(two.shape).toEqual(one.shape);
  return Math.max(
    ...Array.from(one.data as Float32Array, (v, index) => Math.abs(v - Number(two.data[index]))),
  );
}

const x = placeholder('x', [1, 5, 7, 4]);
const relu = (name: string, from: string): GraphNode => node(name, 'Relu', [from]);
const biased = (name: string, from: string): GraphNode[] => [
  floats(`${name}/b`, [6], [1, 2, 3, 4, 5, 6]),
  node(name, 'BiasAdd', [from, `${name}/b`]),
];

test('a chain of sums is one convolution with the same result', () => {
  const model = graph(
    x,
    relu('r', 'x'),
    node('n', 'Neg', ['x']),
    ...convolution('a', 'x', [3, 3, 4, 6]),
    ...convolution('b', 'r', [3, 3, 4, 6]),
    ...convolution('c', 'n', [3, 3, 4, 6]),
    node('ab', 'AddV2', ['a', 'b']),
    node('y', 'AddV2', ['c', 'ab']),
  );
  const result = joined(model);
  expect(count(result, 'Conv2D')).toBe(1);
  expect(count(result, 'AddV2')).toBe(0);
  expect(difference(model, result)).toBeLessThan(1e-5);
});

test('what else reads a convolution, an output, another window and a wide input keep the sum', () => {
  const sum = node('y', 'AddV2', ['a', 'b']);
  const same = [...convolution('a', 'x', [3, 3, 4, 6]), ...convolution('b', 'x', [3, 3, 4, 6])];
  const readTwice = graph(x, ...same, node('s', 'AddV2', ['a', 'b']), node('y', 'Mul', ['s', 'a']));
  expect(count(joined(readTwice), 'Conv2D')).toBe(2);
  expect(count(joined(graph(x, ...same, sum), ['y', 'a']), 'Conv2D')).toBe(2);
  const others = [...convolution('a', 'x', [3, 3, 4, 6]), ...convolution('b', 'x', [1, 1, 4, 6])];
  expect(count(joined(graph(x, ...others, sum)), 'Conv2D')).toBe(2);
  const wide = [...convolution('a', 'x', [3, 3, 4, 3]), ...convolution('b', 'x', [3, 3, 4, 3])];
  expect(count(joined(graph(x, ...wide, sum)), 'Conv2D')).toBe(2);
});

test('an addition that broadcasts is left alone', () => {
  const model = graph(
    x,
    ...biased('a', 'a0'),
    ...convolution('a0', 'x', [5, 7, 4, 6], { padding: 'VALID' }),
    ...convolution('b', 'x', [5, 7, 4, 6], { padding: 'SAME' }),
    node('y', 'AddV2', ['a', 'b']),
  );
  expect(count(joined(model), 'Conv2D', '_FusedConv2D')).toBe(2);
});
