/** Values that are known before a graph runs: constants, and what Shape and its consumers compute. */
import type { DataType, Tensor } from '../graph.ts';
import { isFloatType, tensorData } from '../tensor-storage.ts';

/**
 * A tensor whose shape is known and whose elements may be: NaN stands for an unknown element, which
 * arithmetic hands on by itself. (A constant that really holds NaN counts as unknown and is never folded.)
 */
export interface KnownValue {
  readonly dtype: DataType;
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** The value of a constant; undefined for strings. It shares the tensor's memory. */
export function valueOfTensor(tensor: Tensor): KnownValue | undefined {
  const { dtype, shape, data } = tensor;
  if (dtype === 'string') return undefined;
  return { dtype, shape, data: data as ArrayLike<number> };
}

/** True where no element is unknown. */
export function isKnown(value: KnownValue | undefined): value is KnownValue {
  if (value === undefined) return false;
  for (let index = 0; index < value.data.length; index++) if (Number.isNaN(value.data[index])) return false;
  return true;
}

/** A fully known value as a constant; a copy. As on reading, int64 becomes int32 and float64 float32. */
export function tensorOfValue(value: KnownValue): Tensor {
  const dtype = value.dtype === 'int64' ? 'int32' : isFloatType(value.dtype) ? 'float32' : value.dtype;
  return { dtype, shape: value.shape, data: tensorData(dtype, value.data) };
}

/** The elements as a plain list with NaN for unknown ones. */
export function elements(value: KnownValue): number[] {
  return Array.from(value.data);
}

/** True where both values are fully known and the same. */
export function sameValue(one: KnownValue | undefined, other: KnownValue | undefined): boolean {
  if (!isKnown(one) || !isKnown(other)) return false;
  return (
    one.shape.length === other.shape.length &&
    one.shape.every((size, axis) => size === other.shape[axis]) &&
    elements(one).every((element, index) => element === other.data[index])
  );
}
