/**
 * Whole numbers, which the kernels hold as floats: what a type cannot hold wraps, as in TensorFlow on x86
 * (the conversions of SSE, and the overflow of two's complement). Numbers beyond 2^24 are rounded.
 */
import type { DataType, GraphNode } from '../../../../graph/graph.ts';
import { typeAttr } from '../../../../graph/node-attrs.ts';
import type { KernelExports } from '../kernel-exports.ts';

/** A function of the kernel `unary` and its two numbers (wasm/assembly/unary-op.ts). */
export interface UnaryCall {
  readonly code: number;
  readonly a: number;
  readonly b: number;
}

const whole = 26;
const signed = 27;
const unsigned = 28;

/** How floats become a type of whole numbers; undefined for bool and for types that are none. */
const calls: Partial<Record<DataType, UnaryCall>> = {
  int64: { code: whole, a: 2 ** 63, b: 0 },
  int32: { code: whole, a: 2 ** 31, b: 0 },
  int16: { code: signed, a: 16, b: 0 },
  int8: { code: signed, a: 24, b: 0 },
  uint16: { code: unsigned, a: 16, b: 0 },
  uint8: { code: unsigned, a: 24, b: 0 },
};

/** The cast to a type of whole numbers; undefined for others. */
export function wholeCast(type: DataType | undefined): UnaryCall | undefined {
  return type === undefined ? undefined : calls[type];
}

/** The type of a node's tensors where these are whole numbers that wrap: of up to 32 bits. */
export function wrappingType(node: GraphNode): DataType | undefined {
  const type = typeAttr(node, 'T');
  return type === 'int64' || wholeCast(type) === undefined ? undefined : type;
}

/** Brings results of arithmetic back into a type, in place. */
export function wrap(kernels: KernelExports, type: DataType | undefined, at: number, count: number): void {
  const call = wholeCast(type);
  if (call !== undefined) kernels.unary(call.code, at, at, count, call.a, call.b);
}

/** The codes of arithmetic that wraps at 32 bits, in the kernel `binary` (wasm/assembly/binary-op.ts). */
export const wholeCodes: Readonly<Record<string, number>> = {
  Add: 30,
  AddV2: 30,
  BiasAdd: 30,
  Sub: 31,
  Mul: 32,
  SquaredDifference: 33,
};
