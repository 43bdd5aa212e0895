/** Nodes, attributes and constants made in code: by the readers of model formats, by passes and by tests. */
import type { AttrValue, DataType, GraphNode, Shape, Tensor } from './graph.ts';
import { tensorData } from './tensor-storage.ts';

/**
 * An attribute in short form: a number is an int, a list its ints or strings;
 * floats and types are given in full.
 */
export type ShortAttr = number | string | boolean | readonly number[] | readonly string[] | AttrValue;

/** Attributes in short form, by name. */
export type ShortAttrs = Readonly<Record<string, ShortAttr>>;

/** Of a node that computes whole numbers: its attribute `T`. */
export const intType = { T: { type: 'int32' } } as const satisfies ShortAttrs;

function isStrings(list: readonly (number | string)[]): list is readonly string[] {
  return typeof list[0] === 'string';
}

/** An attribute as a Graph holds it; an empty list is one of ints. */
export function attrOf(value: ShortAttr): AttrValue {
  if (typeof value === 'number') return { i: value };
  if (typeof value === 'string') return { s: value };
  if (typeof value === 'boolean') return { b: value };
  if (!('length' in value)) return value;
  return { list: isStrings(value) ? { s: value } : { i: value } };
}

/** A node of any op, its attributes in the order in which they are given. */
export function opNode(
  name: string,
  op: string,
  inputs: readonly string[] = [],
  attrs: ShortAttrs = {},
): GraphNode {
  const entries = Object.entries(attrs).map(([key, value]) => [key, attrOf(value)] as const);
  return { name, op, inputs, attrs: Object.fromEntries(entries) };
}

/** A node that computes floats: its attribute `T` says so. */
export function floatNode(
  name: string,
  op: string,
  inputs: readonly string[],
  attrs: ShortAttrs = {},
): GraphNode {
  return opNode(name, op, inputs, { T: { type: 'float32' }, ...attrs });
}

/** A node whose value is fed. */
export function placeholderNode(name: string, shape: Shape, type: DataType = 'float32'): GraphNode {
  return opNode(name, 'Placeholder', [], { dtype: { type }, shape: { shape } });
}

/** A Const node that holds the tensor. */
export function constNode(name: string, tensor: Tensor): GraphNode {
  return opNode(name, 'Const', [], { dtype: { type: tensor.dtype }, value: { tensor } });
}

/**
 * A constant: a scalar of a number, a vector of a list, another shape where one is given.
 *
 * @param values as many as the shape has; they are copied.
 */
export function tensorOf(
  dtype: DataType,
  values: number | ArrayLike<number>,
  shape?: readonly number[],
): Tensor {
  const list = typeof values === 'number' ? [values] : values;
  const sizes = shape ?? (typeof values === 'number' ? [] : [list.length]);
  return { dtype, shape: sizes, data: tensorData(dtype, list) };
}
