/** Graphs written in code, for tests. */
import type { AttrValue, DataType, Graph, GraphNode, Tensor } from './graph.ts';
import { constNode } from './node-attrs.ts';
import { elementCount, tensorData } from './tensor-storage.ts';

type PlainAttr = number | string | boolean | readonly number[] | readonly string[] | AttrValue;

/** Attributes in short form: a number is an int, a list a list attribute; floats need `{ f }`. */
function attr(value: PlainAttr): AttrValue {
  if (typeof value === 'number') return { i: value };
  if (typeof value === 'string') return { s: value };
  if (typeof value === 'boolean') return { b: value };
  if (!Array.isArray(value)) return value as AttrValue;
  const list = value as readonly (number | string)[];
  return typeof list[0] === 'string' ? { list: { s: list as string[] } } : { list: { i: list as number[] } };
}

export function node(
  name: string,
  op: string,
  inputs: readonly string[] = [],
  attrs: Readonly<Record<string, PlainAttr>> = {},
): GraphNode {
  const entries = Object.entries(attrs).map(([key, value]) => [key, attr(value)] as const);
  return { name, op, inputs, attrs: Object.fromEntries(entries) };
}

export function placeholder(
  name: string,
  shape: readonly number[] | null,
  type: DataType = 'float32',
): GraphNode {
  return node(name, 'Placeholder', [], { dtype: { type }, shape: { shape } });
}

export function tensor(dtype: DataType, shape: readonly number[], values: ArrayLike<number>): Tensor {
  return { dtype, shape, data: tensorData(dtype, values) };
}

/** A float constant; one value fills the shape, none gives a pattern of small numbers of both signs. */
export function floats(name: string, shape: readonly number[], values?: readonly number[]): GraphNode {
  const all = Array.from({ length: elementCount(shape) }, (_, index) =>
    values === undefined ? ((index * 37 + 11) % 19) / 16 - 0.5 : values[index % values.length]!,
  );
  return constNode(name, tensor('float32', shape, all));
}

/** An int32 constant: a scalar of one number, or a tensor. */
export function ints(name: string, values: number | readonly number[], shape?: readonly number[]): GraphNode {
  const list = typeof values === 'number' ? [values] : values;
  return constNode(name, tensor('int32', shape ?? (typeof values === 'number' ? [] : [list.length]), list));
}

export function graph(...nodes: readonly GraphNode[]): Graph {
  return { nodes, signature: { inputs: {}, outputs: {} } };
}

/** A convolution with its constant kernel. */
export function convolution(
  name: string,
  input: string,
  kernel: readonly [number, number, number, number],
  attrs: Readonly<Record<string, PlainAttr>> = {},
): GraphNode[] {
  return [
    floats(`${name}/kernel`, kernel),
    node(name, attrs['depthwise'] === true ? 'DepthwiseConv2dNative' : 'Conv2D', [input, `${name}/kernel`], {
      T: { type: 'float32' },
      strides: [1, 1, 1, 1],
      padding: 'SAME',
      data_format: 'NHWC',
      dilations: [1, 1, 1, 1],
      ...Object.fromEntries(Object.entries(attrs).filter(([key]) => key !== 'depthwise')),
    }),
  ];
}
