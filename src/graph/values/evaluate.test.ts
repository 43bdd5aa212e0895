import { describe, expect, test } from 'vitest';
import type { GraphNode } from '../graph.ts';
import { floats, graph, ints, node, placeholder } from '../graph-builder.test-support.ts';
import { inferShapes } from '../infer-shapes.ts';

/** Value of a tensor of a small graph, NaN for unknown elements. */
function valueOf(nodes: readonly GraphNode[], reference = 'y'): readonly number[] | undefined {
  const value = inferShapes(graph(...nodes)).valueOf(reference);
  return value === undefined ? undefined : Array.from(value.data);
}

describe('int32 arithmetic', () => {
  test.each([
    ['FloorMod', [-7, 7, -7, 7], [4, -4, -4, 4], [1, -1, -3, 3]],
    ['Mod', [-7, 7], [4, -4], [-3, 3]],
    ['FloorDiv', [-7, 7], [2, 2], [-4, 3]],
    ['Div', [-7, 7], [2, 2], [-3, 3]],
    ['Mul', [65536, 3], [65536, -2], [0, -6]],
    ['AddV2', [2 ** 31 - 1, 1], [1, 1], [-(2 ** 31), 2]],
    ['Maximum', [1, 5], [3, 2], [3, 5]],
    ['FloorMod', [5], [0], [NaN]],
    ['Greater', [1, 5], [3, 2], [0, 1]],
  ])('%s %j %j', (op, a, b, expected) => {
    expect(valueOf([ints('a', a), ints('b', b), node('y', op, ['a', 'b'])])).toEqual(expected);
  });
});

describe('float arithmetic is rounded to float32', () => {
  test.each([
    ['Add', [0.1], [0.2], [Math.fround(Math.fround(0.1) + Math.fround(0.2))]],
    ['RealDiv', [1], [3], [Math.fround(1 / 3)]],
    ['Maximum', [-1], [0.5], [0.5]],
    ['SquaredDifference', [3], [1], [4]],
  ])('%s', (op, a, b, expected) => {
    expect(valueOf([floats('a', [1], a), floats('b', [1], b), node('y', op, ['a', 'b'])])).toEqual(expected);
  });

  test.each([
    ['Round', [0.5, 1.5, -1.5, 2.6], [0, 2, -2, 3]],
    ['Rsqrt', [4], [0.5]],
    ['Neg', [2], [-2]],
  ])('%s', (op, a, expected) => {
    expect(valueOf([floats('a', [a.length], a), node('y', op, ['a'])])).toEqual(expected);
  });

  test('Cast truncates, and leaves what does not fit', () => {
    const cast = node('y', 'Cast', ['a'], { DstT: { type: 'int32' } });
    expect(valueOf([floats('a', [3], [2.9, -2.9, 2 ** 31]), cast])).toEqual([2, -2, NaN]);
  });

  test('broadcasting pairs elements by axis', () => {
    const nodes = [floats('a', [2, 1], [10, 20]), floats('b', [3], [1, 2, 3]), node('y', 'Add', ['a', 'b'])];
    expect(valueOf(nodes)).toEqual([11, 12, 13, 21, 22, 23]);
  });
});

describe('moving elements', () => {
  const matrix = ints('m', [1, 2, 3, 4, 5, 6], [2, 3]);
  const cases: [string, GraphNode[], number[]][] = [
    ['Transpose', [matrix, ints('p', [1, 0]), node('y', 'Transpose', ['m', 'p'])], [1, 4, 2, 5, 3, 6]],
    [
      'ConcatV2',
      [matrix, ints('a', 1), node('y', 'ConcatV2', ['m', 'm', 'a'])],
      [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6],
    ],
    [
      'Pack',
      [ints('a', [1, 2]), ints('b', [3, 4]), node('y', 'Pack', ['a', 'b'], { axis: 1 })],
      [1, 3, 2, 4],
    ],
    [
      'Slice',
      [matrix, ints('b', [0, 1]), ints('s', [2, 2]), node('y', 'Slice', ['m', 'b', 's'])],
      [2, 3, 5, 6],
    ],
    ['Range', [ints('a', 2), ints('b', 9), ints('c', 3), node('y', 'Range', ['a', 'b', 'c'])], [2, 5, 8]],
    ['Fill', [ints('s', [2, 2]), ints('v', 7), node('y', 'Fill', ['s', 'v'])], [7, 7, 7, 7]],
    [
      'GatherV2',
      [matrix, ints('i', [1, 0, 1]), ints('a', 0), node('y', 'GatherV2', ['m', 'i', 'a'])],
      [4, 5, 6, 1, 2, 3, 4, 5, 6],
    ],
    ['Prod', [matrix, ints('a', [0, 1]), node('y', 'Prod', ['m', 'a'])], [720]],
    [
      'SelectV2',
      [
        ints('a', [1, 2]),
        ints('b', [2, 1]),
        node('c', 'Less', ['a', 'b']),
        node('y', 'SelectV2', ['c', 'a', 'b']),
      ],
      [1, 1],
    ],
    [
      'StridedSlice',
      [
        matrix,
        ints('b', [0, 2]),
        ints('e', [2, 0]),
        ints('s', [1, -1]),
        node('y', 'StridedSlice', ['m', 'b', 'e', 's']),
      ],
      [3, 2, 6, 5],
    ],
  ];
  test.each(cases)('%s', (_label, nodes, expected) => {
    expect(valueOf(nodes)).toEqual(expected);
  });

  test('Split and Unpack', () => {
    const split = [matrix, ints('a', 1), node('y', 'Split', ['a', 'm'], { num_split: 3 })];
    expect(valueOf(split, 'y:2')).toEqual([3, 6]);
    expect(valueOf([matrix, node('y', 'Unpack', ['m'], { num: 3, axis: 1 })], 'y:1')).toEqual([2, 5]);
  });
});

describe('what is known of sizes', () => {
  const shape = [placeholder('x', [-1, 6, 8, 3]), node('shape', 'Shape', ['x'])];

  test('single sizes may be unknown', () => {
    expect(valueOf(shape, 'shape')).toEqual([NaN, 6, 8, 3]);
    expect(valueOf([...shape, ints('two', 2), node('y', 'Mul', ['shape', 'two'])])).toEqual([NaN, 12, 16, 6]);
  });

  test('joining keeps what is known', () => {
    const nodes = [
      ints('b', [1]),
      ints('e', [3]),
      ints('s', [1]),
      node('hw', 'StridedSlice', ['shape', 'b', 'e', 's']),
    ];
    expect(valueOf([...shape, ...nodes], 'hw')).toEqual([6, 8]);
    const joined = [ints('a', 0), ints('minus', [-1]), node('y', 'ConcatV2', ['minus', 'hw', 'a'])];
    expect(valueOf([...shape, ...nodes, ...joined])).toEqual([-1, 6, 8]);
  });

  test('an unknown operand gives no value', () => {
    expect(valueOf([placeholder('x', [2]), floats('a', [2]), node('y', 'Add', ['x', 'a'])])).toBeUndefined();
  });
});
