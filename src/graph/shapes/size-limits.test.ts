import { describe, expect, test } from 'vitest';
import type { GraphNode } from '../graph.ts';
import { floats, graph, ints, node, placeholder } from '../graph-builder.test-support.ts';
import { inferShapes } from '../infer-shapes.ts';
import { floatNode } from '../node-builder.ts';

const large = 2 ** 30;
const picture = placeholder('x', [1, 16, 16, 3]);

/** An op on `x` with constants behind it. */
function withInts(op: string, ...values: readonly (readonly number[])[]): GraphNode[] {
  const names = values.map((_, index) => `c${index}`);
  const constants = values.map((list, index) =>
    ints(names[index]!, list, op === 'Pad' ? [4, 2] : [list.length]),
  );
  return [picture, ...constants, node('y', op, ['x', ...names])];
}

const blocks = [
  ints('block', [1, 1]),
  ints('edges', [0, large, 0, 0], [2, 2]),
  node('y', 'SpaceToBatchND', ['x', 'block', 'edges']),
];

describe('sizes that no machine holds are refused, with the node and the size', () => {
  test.each<[string, readonly GraphNode[], string]>([
    ['ResizeBilinear', withInts('ResizeBilinear', [large, large]), '[1, 1073741824, 1073741824, 3]'],
    ['ResizeNearestNeighbor', withInts('ResizeNearestNeighbor', [1, large]), '[1, 1, 1073741824, 3]'],
    ['Pad of rows', withInts('Pad', [0, 0, large, 0, 0, 0, 0, 0]), '[1, 1073741840, 16, 3]'],
    ['Pad of channels', withInts('Pad', [0, 0, 0, 0, 0, 0, 0, large]), '[1, 16, 16, 1073741827]'],
    ['Tile', withInts('Tile', [1, large, 1, 1]), '[1, 17179869184, 16, 3]'],
    ['BroadcastTo', withInts('BroadcastTo', [large, 16, 16, 3]), '[1073741824, 16, 16, 3]'],
    ['SpaceToBatchND', [picture, ...blocks], '[1, 1073741840, 16, 3]'],
    [
      'DepthToSpace',
      [placeholder('x', [1, 1, 1, 2 ** 44]), node('y', 'DepthToSpace', ['x'], { block_size: 2 ** 22 })],
      '[1, 1, 1, 17592186044416]',
    ],
    [
      'Conv2DBackpropInput',
      [
        placeholder('x', [1, 16, 1, 3]),
        ints('size', [1, 16, large, 1]),
        floats('w', [1, 1, 1, 3]),
        floatNode('y', 'Conv2DBackpropInput', ['size', 'w', 'x'], {
          strides: [1, 1, large, 1],
          padding: 'SAME',
        }),
      ],
      '[1, 16, 1073741824, 1]',
    ],
    ['Fill', [ints('s', [large, 2]), floats('v', [], [1]), node('y', 'Fill', ['s', 'v'])], '[1073741824, 2]'],
    [
      'Range',
      [ints('a', 0), ints('b', 2 ** 31 - 1), ints('c', 1), node('y', 'Range', ['a', 'b', 'c'])],
      '[2147483647]',
    ],
    [
      'a sum that broadcasts',
      [placeholder('a', [2 ** 20, 1, 1]), placeholder('b', [1, 2 ** 20, 1]), node('y', 'Add', ['a', 'b'])],
      '[1048576, 1048576, 1]',
    ],
    [
      'an input',
      [placeholder('x', [1, large, large, 3]), node('y', 'Relu', ['x'])],
      '[1, 1073741824, 1073741824, 3]',
    ],
    ['unknown sizes count as 1', [placeholder('x', [-1, 2 ** 20, 2 ** 20, -1])], '[?, 1048576, 1048576, ?]'],
  ])('%s', (_what, nodes, shape) => {
    const infer = (): unknown => inferShapes(graph(...nodes));
    expect(infer).toThrow(expect.objectContaining({ name: 'DnnError', code: 'ENOMEM' }));
    expect(infer).toThrow(`makes a tensor ${shape} with `);
  });
});

test('the pictures of large networks are no such sizes', () => {
  const nodes = [
    placeholder('x', [1, 4320, 7680, 64]),
    ints('size', [8640, 15360]),
    node('y', 'ResizeBilinear', ['x', 'size']),
  ];
  expect(inferShapes(graph(...nodes)).shapeOf('y')).toEqual([1, 8640, 15360, 64]);
});

test('a rank that TensorFlow does not have', () => {
  const shape = Array.from({ length: 200_000 }, () => 1);
  const nodes = [placeholder('x', [4, 3]), placeholder('i', shape), node('y', 'Gather', ['x', 'i'])];
  expect(() => inferShapes(graph(...nodes))).toThrow("node 'i' (Placeholder) makes a tensor of rank 200000");
});
