/** Types of TFLite's tensors (enum TensorType of schema.fbs), as far as Graphs hold them. */
import type { DataType } from '../../../graph/graph.ts';

const types: readonly (readonly [name: string, type?: DataType])[] = [
  ['FLOAT32', 'float32'],
  ['FLOAT16', 'float16'],
  ['INT32', 'int32'],
  ['UINT8', 'uint8'],
  ['INT64', 'int64'],
  ['STRING'],
  ['BOOL', 'bool'],
  ['INT16', 'int16'],
  ['COMPLEX64'],
  ['INT8', 'int8'],
  ['FLOAT64', 'float64'],
  ['COMPLEX128'],
  ['UINT64'],
  ['RESOURCE'],
  ['VARIANT'],
  ['UINT32'],
  ['UINT16', 'uint16'],
  ['INT4'],
  ['BFLOAT16'],
];

/** Undefined for types that no Graph holds. */
export function tensorTypeOf(number: number): DataType | undefined {
  return types[number]?.[1];
}

export function tensorTypeName(number: number): string {
  return types[number]?.[0] ?? `the tensor type ${number}`;
}

/** The number of a type. */
export function tensorTypeNumber(type: DataType): number {
  return types.findIndex(([, entry]) => entry === type);
}
