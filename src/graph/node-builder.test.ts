import { describe, expect, test } from 'vitest';
import { attrOf, constNode, floatNode, opNode, placeholderNode, tensorOf } from './node-builder.ts';

describe('attributes in short form', () => {
  test.each([
    [3, { i: 3 }],
    ['SAME', { s: 'SAME' }],
    [false, { b: false }],
    [[1, 2], { list: { i: [1, 2] } }],
    [['BiasAdd', 'Relu'], { list: { s: ['BiasAdd', 'Relu'] } }],
    [[], { list: { i: [] } }],
  ] as const)('%j', (value, expected) => {
    expect(attrOf(value)).toEqual(expected);
  });

  test.each([
    { f: 0.5 },
    { type: 'int32' },
    { shape: null },
    { shape: [1, -1] },
    { list: { f: [0.5] } },
    { func: 'body' },
  ] as const)('%j is given in full and stays', (value) => {
    expect(attrOf(value)).toBe(value);
  });
});

test('a node has its attributes in the order given; a node of floats says its type, unless it is given another', () => {
  expect(opNode('n', 'NoOp')).toEqual({ name: 'n', op: 'NoOp', inputs: [], attrs: {} });
  const add = floatNode('y', 'AddN', ['a', 'b:1'], { N: 2 });
  expect(add).toEqual({
    name: 'y',
    op: 'AddN',
    inputs: ['a', 'b:1'],
    attrs: { T: { type: 'float32' }, N: { i: 2 } },
  });
  expect(Object.keys(add.attrs)).toEqual(['T', 'N']);
  expect(floatNode('y', 'Neg', ['x'], { T: { type: 'int32' } }).attrs).toEqual({ T: { type: 'int32' } });
});

test('placeholders and constants name their type', () => {
  expect(placeholderNode('x', [1, -1, -1, 3])).toEqual({
    name: 'x',
    op: 'Placeholder',
    inputs: [],
    attrs: { dtype: { type: 'float32' }, shape: { shape: [1, -1, -1, 3] } },
  });
  expect(placeholderNode('x', null, 'uint8').attrs).toEqual({
    dtype: { type: 'uint8' },
    shape: { shape: null },
  });
  const tensor = tensorOf('int32', [4, 5]);
  expect(constNode('c', tensor)).toEqual({
    name: 'c',
    op: 'Const',
    inputs: [],
    attrs: { dtype: { type: 'int32' }, value: { tensor } },
  });
});

test('a tensor is a scalar of a number and a vector of a list where no shape is given, and owns its values', () => {
  expect(tensorOf('float32', 0.5)).toEqual({ dtype: 'float32', shape: [], data: Float32Array.of(0.5) });
  expect(tensorOf('int32', [1, 2])).toEqual({ dtype: 'int32', shape: [2], data: Int32Array.of(1, 2) });
  expect(tensorOf('int32', 7, [1])).toEqual({ dtype: 'int32', shape: [1], data: Int32Array.of(7) });
  const given = Uint8Array.of(1, 0, 1, 0);
  const made = tensorOf('bool', given, [2, 2]);
  expect(made).toEqual({ dtype: 'bool', shape: [2, 2], data: given });
  expect(made.data).not.toBe(given);
});
