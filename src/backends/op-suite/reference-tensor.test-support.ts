/** Tensors of the plain reference: numbers as TensorFlow stores them, one after the other in a list. */
import type { DataType, GraphNode } from '../../graph/graph.ts';

/** A tensor of any rank, row-major. */
export interface PlainTensor {
  readonly dtype: DataType;
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** What an op gives for its inputs, all outputs. */
export type PlainOp = (node: GraphNode, inputs: readonly PlainTensor[]) => readonly PlainTensor[];

/** Bits of the types of whole numbers that wrap. */
const bits: Partial<Record<DataType, number>> = {
  int8: 8,
  uint8: 8,
  int16: 16,
  uint16: 16,
  int32: 32,
  int64: 64,
};

/** True for types of whole numbers; bool is none. */
export function isWhole(dtype: DataType): boolean {
  return bits[dtype] !== undefined;
}

/** A whole number of any size as a type holds it: the low bits. */
export function wrapped(dtype: DataType, value: bigint): number {
  const width = bits[dtype] ?? 32;
  return Number(dtype.startsWith('u') ? BigInt.asUintN(width, value) : BigInt.asIntN(width, value));
}

/**
 * A number as a type holds it. Floats are rounded to float32. What a whole type cannot hold becomes
 * what x86's conversion gives: NaN and anything beyond 32 bits (64 of int64) is the most negative number,
 * of which narrower types keep the low bits.
 */
export function cast(dtype: DataType, value: number): number {
  if (dtype === 'bool') return value === 0 ? 0 : 1;
  if (!isWhole(dtype)) return Math.fround(value);
  const limit = 2 ** (dtype === 'int64' ? 63 : 31);
  const cut = Math.trunc(value);
  return wrapped(dtype, BigInt(cut >= -limit && cut < limit ? cut : -limit));
}

/** Number of values of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The position of value `index` in a shape. */
export function positionOf(shape: readonly number[], index: number): number[] {
  const position: number[] = [];
  let rest = index;
  for (const size of shape.toReversed()) {
    position.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return position;
}

/** The value at a position; `outside` beyond the edges. */
export function at({ shape, data }: PlainTensor, position: readonly number[], outside = 0): number {
  let index = 0;
  for (const [axis, size] of shape.entries()) {
    const here = position[axis]!;
    if (here < 0 || here >= size) return outside;
    index = index * size + here;
  }
  return data[index]!;
}

/** A tensor whose values a function of the position gives; they are cast to the type. */
export function filled(
  dtype: DataType,
  shape: readonly number[],
  value: (position: readonly number[]) => number,
): PlainTensor {
  const data = Array.from({ length: sizeOf(shape) }, (_, index) =>
    cast(dtype, value(positionOf(shape, index))),
  );
  return { dtype, shape, data };
}

/** The shape of several tensors that broadcast. */
export function broadcastShape(shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) =>
    shapes.reduce((size, shape) => {
      const own = shape[axis - rank + shape.length] ?? 1;
      return own === 1 ? size : own;
    }, 1),
  );
}

/** The value of a tensor for a position of the shape that it is broadcast to. */
export function spread(tensor: PlainTensor, position: readonly number[]): number {
  const own = position.slice(position.length - tensor.shape.length);
  return at(
    tensor,
    own.map((here, axis) => (tensor.shape[axis] === 1 ? 0 : here)),
  );
}

/** An axis counted from the front. */
export function axisOf(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}
