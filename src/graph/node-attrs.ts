/** Typed access to the attributes of a node, with TensorFlow's defaults where a file leaves one out. */
import { DnnError } from '../base/errors.ts';
import type { DataType, GraphNode, Shape, Tensor } from './graph.ts';

export function intAttr(node: GraphNode, name: string, otherwise: number): number {
  const value = node.attrs[name];
  return value !== undefined && 'i' in value ? value.i : otherwise;
}

export function floatAttr(node: GraphNode, name: string, otherwise: number): number {
  const value = node.attrs[name];
  return value !== undefined && 'f' in value ? value.f : otherwise;
}

export function boolAttr(node: GraphNode, name: string, otherwise: boolean): boolean {
  const value = node.attrs[name];
  return value !== undefined && 'b' in value ? value.b : otherwise;
}

export function stringAttr(node: GraphNode, name: string, otherwise: string): string {
  const value = node.attrs[name];
  return value !== undefined && 's' in value ? value.s : otherwise;
}

export function typeAttr(node: GraphNode, name: string): DataType | undefined {
  const value = node.attrs[name];
  return value !== undefined && 'type' in value ? value.type : undefined;
}

/** The ints of a list attribute; empty where there is none. */
export function intsAttr(node: GraphNode, name: string): readonly number[] {
  const value = node.attrs[name];
  return value !== undefined && 'list' in value ? (value.list.i ?? []) : [];
}

/** The strings of a list attribute; empty where there is none. */
export function stringsAttr(node: GraphNode, name: string): readonly string[] {
  const value = node.attrs[name];
  return value !== undefined && 'list' in value ? (value.list.s ?? []) : [];
}

/** The shape attribute; null (unknown rank) where there is none. */
export function shapeAttr(node: GraphNode, name: string): Shape {
  const value = node.attrs[name];
  return value !== undefined && 'shape' in value ? value.shape : null;
}

/** The value of a Const node. */
export function constTensor(node: GraphNode | undefined): Tensor | undefined {
  if (node?.op !== 'Const') return undefined;
  const value = node.attrs['value'];
  return value !== undefined && 'tensor' in value ? value.tensor : undefined;
}

/** The inputs that carry tensors, in order: control dependencies stand behind them. */
export function dataInputs(node: GraphNode): readonly string[] {
  return node.inputs.filter((input) => !input.startsWith('^'));
}

/** The error for a node that contradicts its inputs or its attributes. */
export function nodeError(node: GraphNode, what: string): DnnError {
  return new DnnError('EINVAL', `model graph: node '${node.name}' (${node.op}) ${what}`, {
    layer: node.name,
    op: node.op,
  });
}
