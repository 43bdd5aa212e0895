import { describe, expect, test } from 'vitest';
import { DnnError } from '../base/errors.ts';
import type { GraphNode } from './graph.ts';
import { convolution, floats, graph, ints, node, placeholder } from './graph-builder.test-support.ts';
import { inferShapes } from './infer-shapes.ts';

/** Shape of `y` where x is fed with the given sizes. */
function shapeOf(
  nodes: readonly GraphNode[],
  fed: readonly number[] = [1, 8, 12, 4],
  reference = 'y',
): unknown {
  const x = placeholder(
    'x',
    fed.map(() => -1),
  );
  return inferShapes(graph(x, ...nodes), { x: fed }).shapeOf(reference);
}

describe('convolutions and pooling', () => {
  test.each([
    ['SAME', { padding: 'SAME', strides: [1, 3, 5, 1] }, [1, 3, 3, 5]],
    ['VALID', { padding: 'VALID' }, [1, 6, 10, 5]],
    ['VALID, stride', { padding: 'VALID', strides: [1, 2, 2, 1] }, [1, 3, 5, 5]],
    ['dilation', { padding: 'VALID', dilations: [1, 3, 2, 1] }, [1, 2, 8, 5]],
    ['explicit', { padding: 'EXPLICIT', explicit_paddings: [0, 0, 1, 2, 0, 3, 0, 0] }, [1, 9, 13, 5]],
  ])('Conv2D %s', (_label, attrs, expected) => {
    expect(shapeOf(convolution('y', 'x', [3, 3, 4, 5], attrs))).toEqual(expected);
  });

  test('unknown sizes stay unknown', () => {
    expect(shapeOf(convolution('y', 'x', [3, 3, 4, 5]), [-1, -1, 12, 4])).toEqual([-1, -1, 12, 5]);
  });

  test('NCHW', () => {
    const nodes = convolution('y', 'x', [3, 3, 8, 5], {
      data_format: 'NCHW',
      padding: 'VALID',
      strides: [1, 1, 1, 2],
    });
    expect(shapeOf(nodes, [1, 8, 12, 4])).toEqual([1, 5, 10, 1]);
  });

  test('depthwise multiplies channels', () => {
    expect(shapeOf(convolution('y', 'x', [3, 3, 4, 2], { depthwise: true }))).toEqual([1, 8, 12, 8]);
  });

  test('transposed convolution takes the size it computes from Shape', () => {
    const nodes = [
      node('shape', 'Shape', ['x']),
      ints('two', [1, 2, 2, 1]),
      node('size', 'Mul', ['shape', 'two']),
      floats('kernel', [2, 2, 4, 4]),
      node('y', 'Conv2DBackpropInput', ['size', 'kernel', 'x'], { strides: [1, 2, 2, 1], padding: 'SAME' }),
    ];
    expect(shapeOf(nodes)).toEqual([1, 16, 24, 4]);
    expect(shapeOf(nodes, [-1, 8, 12, 4])).toEqual([-1, 16, 24, 4]);
  });

  test.each(['MaxPool', 'AvgPool'])('%s', (op) => {
    const attrs = { ksize: [1, 3, 2, 1], strides: [1, 2, 2, 1], padding: 'VALID' };
    expect(shapeOf([node('y', op, ['x'], attrs)])).toEqual([1, 3, 6, 4]);
  });
});

describe('other ops', () => {
  const cases: [string, GraphNode[], number[] | null][] = [
    [
      'MirrorPad',
      [
        ints('p', [0, 0, 1, 2, 3, 4, 0, 0], [4, 2]),
        node('y', 'MirrorPad', ['x', 'p'], { mode: 'SYMMETRIC' }),
      ],
      [1, 11, 19, 4],
    ],
    ['DepthToSpace', [node('y', 'DepthToSpace', ['x'], { block_size: 2 })], [1, 16, 24, 1]],
    ['SpaceToDepth', [node('y', 'SpaceToDepth', ['x'], { block_size: 4 })], [1, 2, 3, 64]],
    [
      'SpaceToBatchND',
      [ints('b', [2, 3]), ints('p', [1, 1, 0, 0], [2, 2]), node('y', 'SpaceToBatchND', ['x', 'b', 'p'])],
      [6, 5, 4, 4],
    ],
    ['ResizeBilinear', [ints('s', [5, 7]), node('y', 'ResizeBilinear', ['x', 's'])], [1, 5, 7, 4]],
    ['ConcatV2', [ints('a', -1), node('y', 'ConcatV2', ['x', 'x', 'a'])], [1, 8, 12, 8]],
    ['Reshape', [ints('s', [1, -1, 4]), node('y', 'Reshape', ['x', 's'])], [1, 96, 4]],
    ['Transpose', [ints('p', [0, 3, 1, 2]), node('y', 'Transpose', ['x', 'p'])], [1, 4, 8, 12]],
    ['Squeeze', [node('y', 'Squeeze', ['x'], { squeeze_dims: [0] })], [8, 12, 4]],
    ['ExpandDims', [ints('a', -1), node('y', 'ExpandDims', ['x', 'a'])], [1, 8, 12, 4, 1]],
    ['Mean', [ints('a', [1, 2]), node('y', 'Mean', ['x', 'a'])], [1, 4]],
    ['Mean keeping', [ints('a', [1, 2]), node('y', 'Mean', ['x', 'a'], { keep_dims: true })], [1, 1, 1, 4]],
    ['Tile', [ints('m', [1, 2, 1, 3]), node('y', 'Tile', ['x', 'm'])], [1, 16, 12, 12]],
    [
      'Slice',
      [ints('b', [0, 2, 0, 1]), ints('s', [-1, 3, -1, 2]), node('y', 'Slice', ['x', 'b', 's'])],
      [1, 3, 12, 2],
    ],
    ['Pack', [node('y', 'Pack', ['x', 'x'], { axis: 1, N: 2 })], [1, 2, 8, 12, 4]],
    ['broadcast', [floats('c', [12, 1]), node('y', 'AddV2', ['c', 'x'])], [1, 8, 12, 4]],
    [
      'MatMul',
      [
        ints('s', [8, 48]),
        node('r', 'Reshape', ['x', 's']),
        floats('m', [5, 48]),
        node('y', 'MatMul', ['r', 'm'], { transpose_b: true }),
      ],
      [8, 5],
    ],
    ['unknown op', [node('y', 'NonMaxSuppressionV3', ['x'])], null],
    ['behind an unknown op', [node('u', 'MyOp', ['x']), node('y', 'Relu', ['u'])], null],
  ];
  test.each(cases)('%s', (_label, nodes, expected) => {
    expect(shapeOf(nodes)).toEqual(expected);
  });

  test('Split, SplitV and Unpack have several outputs', () => {
    const split = [ints('a', 3), node('y', 'Split', ['a', 'x'], { num_split: 2 })];
    expect(shapeOf(split, undefined, 'y:1')).toEqual([1, 8, 12, 2]);
    const splitV = [ints('n', [5, -1]), ints('a', 1), node('y', 'SplitV', ['x', 'n', 'a'], { num_split: 2 })];
    expect(shapeOf(splitV, undefined, 'y:1')).toEqual([1, 3, 12, 4]);
    expect(shapeOf([node('y', 'Unpack', ['x'], { num: 4, axis: -1 })], undefined, 'y:3')).toEqual([1, 8, 12]);
  });

  test('StridedSlice: masks, negative steps, ellipsis and new axes', () => {
    const sliced = (begin: number[], end: number[], step: number[], masks: Record<string, number>): unknown =>
      shapeOf([
        ints('b', begin),
        ints('e', end),
        ints('s', step),
        node('y', 'StridedSlice', ['x', 'b', 'e', 's'], masks),
      ]);
    expect(sliced([0, 1], [0, -1], [1, 2], { begin_mask: 1, end_mask: 1 })).toEqual([1, 3, 12, 4]);
    expect(sliced([0, 2], [0, 0], [1, 1], { begin_mask: 1, end_mask: 1, shrink_axis_mask: 2 })).toEqual([
      1, 12, 4,
    ]);
    expect(sliced([0, 3], [0, 0], [1, -1], { ellipsis_mask: 1 })).toEqual([1, 8, 12, 3]);
    expect(sliced([0, 0], [0, 0], [1, 1], { new_axis_mask: 1, begin_mask: 2, end_mask: 2 })).toEqual([
      1, 1, 8, 12, 4,
    ]);
  });
});

describe('graphs that contradict themselves name the node', () => {
  const cases: [string, GraphNode[], RegExp][] = [
    [
      'channels',
      convolution('y', 'x', [3, 3, 3, 5]),
      /'y' \(Conv2D\) has weights for 3 input channels, but its input has 4/,
    ],
    [
      'too small',
      convolution('y', 'x', [9, 9, 4, 1], { padding: 'VALID' }),
      /'y' .*reaches over 9 values, but its input has only 8/,
    ],
    [
      'bias',
      [floats('b', [3]), node('y', 'BiasAdd', ['x', 'b'])],
      /'y' .*3 values for an input of 4 channels/,
    ],
    ['broadcast', [floats('c', [5]), node('y', 'Add', ['x', 'c'])], /'y' .*cannot combine/],
    ['reshape', [ints('s', [7, -1]), node('y', 'Reshape', ['x', 's'])], /'y' .*cannot give 384 values/],
    ['depth', [node('y', 'DepthToSpace', ['x'], { block_size: 3 })], /'y' .*cannot divide 4 channels by 9/],
    [
      'mirror',
      [
        ints('p', [0, 0, 9, 0, 0, 0, 0, 0], [4, 2]),
        node('y', 'MirrorPad', ['x', 'p'], { mode: 'SYMMETRIC' }),
      ],
      /'y' .*only 8: the frame is too small/,
    ],
    [
      'rank',
      [
        node('y', 'DepthToSpace', ['r'], { block_size: 2 }),
        ints('s', [-1]),
        node('r', 'Reshape', ['x', 's']),
      ],
      /'y' .*rank 4, but 'r' has rank 1/,
    ],
  ];
  test.each(cases)('%s', (_label, nodes, message) => {
    expect(() => shapeOf(nodes)).toThrow(DnnError);
    expect(() => shapeOf(nodes)).toThrow(message);
  });

  test('too few inputs', () => {
    expect(() => shapeOf([node('y', 'BiasAdd', ['x'])])).toThrow(
      /'y' \(BiasAdd\) has 1 inputs where this op takes 2/,
    );
    expect(() => shapeOf([node('y', 'Conv2D', [])])).toThrow(/'y' \(Conv2D\) has 0 inputs/);
  });

  test('sizes that the placeholder does not take', () => {
    const model = graph(placeholder('x', [1, 64, -1, 3]));
    expect(() => inferShapes(model, { x: [1, 65, 64, 3] })).toThrow(
      /input 'x' takes \[1, 64, \?, 3\].*\[1, 65, 64, 3\]/,
    );
  });
});

test('inference says where it stopped', () => {
  const model = graph(
    placeholder('x', [1, 4, 4, 1]),
    node('u', 'MyOp', ['x']),
    node('v', 'Relu', ['u']),
    node('y', 'Relu', ['v']),
  );
  expect(inferShapes(model).whereItStopped('y')?.name).toBe('u');
});

test('Concat of more inputs than a call takes arguments', () => {
  const count = 200_000;
  const parts = Array.from({ length: count }, () => 'x');
  const nodes = [ints('axis', 3), node('y', 'ConcatV2', [...parts, 'axis'], { N: count })];
  expect(shapeOf(nodes, [1, 2, 3, 2])).toEqual([1, 2, 3, 2 * count]);
  expect(shapeOf(nodes, [1, 2, 3, -1])).toEqual([1, 2, 3, -1]);
});
