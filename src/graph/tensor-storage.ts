/** Allocation of tensor values by type, and the size rules of shapes. */
import type { DataType, TensorData } from './graph.ts';

/** Number of values of a shape; 1 for a scalar. Not meaningful where a dimension is unknown. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** True where every dimension is known. */
export function isFullyKnown(shape: readonly number[] | null): shape is readonly number[] {
  return shape?.every((size) => size >= 0) ?? false;
}

/** `[1, ?, ?, 3]`, for messages. */
export function formatShape(shape: readonly number[] | null): string {
  return shape === null ? '[unknown rank]' : `[${shape.map((size) => (size < 0 ? '?' : size)).join(', ')}]`;
}

/** True for the types whose values are Float32Array. */
export function isFloatType(type: DataType): boolean {
  return type === 'float32' || type === 'float64' || type === 'float16';
}

/** The array classes of numeric values. */
export type NumericData = Exclude<TensorData, readonly string[]>;

/** Zeros in the array class that TensorData promises for the type. */
export function zeros(type: DataType, count: number): NumericData {
  if (isFloatType(type)) return new Float32Array(count);
  return type === 'uint8' || type === 'bool' ? new Uint8Array(count) : new Int32Array(count);
}

/** Values in the array class that TensorData promises for the type; numbers outside an 8-bit type wrap. */
export function tensorData(type: DataType, values: ArrayLike<number>): NumericData {
  const data = zeros(type, values.length);
  data.set(values);
  return data;
}
