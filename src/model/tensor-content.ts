/**
 * Little-endian bytes of a constant, as TensorProto.tensor_content and tfjs
 * shards hold them, to tensor values.
 */
import { DnnError } from '../base/errors.ts';
import type { DataType, TensorData } from '../graph/graph.ts';
import { dataTypeEncoding } from './data-type.ts';

/** The value of an IEEE 754 binary16 number given by its 16 bits. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * An int64 as int32.
 *
 * @throws DnnError `EINVAL` where it does not fit.
 */
export function narrowInt64(value: number | bigint, where: string): number {
  const number = Number(value);
  if (number < -(2 ** 31) || number > 2 ** 31 - 1) {
    throw new DnnError(
      'EINVAL',
      `${where}: the int64 constant ${value} does not fit 32 bits; export the model with int32 indices`,
    );
  }
  return number;
}

/** Bytes that `count` values of the type take. */
export function contentBytes(type: DataType, count: number): number {
  return dataTypeEncoding(type).bytes * count;
}

/**
 * Decodes packed values; float64 and float16 become float32, int64 becomes int32. The result is a copy.
 *
 * @param bytes exactly `contentBytes(type, count)` bytes of a numeric type.
 * @param where names the tensor in messages.
 * @throws DnnError `EINVAL` for an int64 that does not fit.
 */
export function decodeContent(type: DataType, bytes: Uint8Array, where: string): TensorData {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = dataTypeEncoding(type).bytes;
  const count = bytes.byteLength / size;
  const fill = <T extends Float32Array | Int32Array>(data: T, at: (offset: number) => number): T => {
    for (let index = 0; index < count; index++) data[index] = at(index * size);
    return data;
  };
  switch (type) {
    case 'float32':
      // A copy by bytes keeps every bit and is fast; all targets of this project are little-endian.
      return new Float32Array(new Uint8Array(bytes).buffer);
    case 'float64':
      return fill(new Float32Array(count), (offset) => view.getFloat64(offset, true));
    case 'float16':
      return fill(new Float32Array(count), (offset) => halfToNumber(view.getUint16(offset, true)));
    case 'int32':
      return fill(new Int32Array(count), (offset) => view.getInt32(offset, true));
    case 'int64':
      return fill(new Int32Array(count), (offset) => narrowInt64(view.getBigInt64(offset, true), where));
    case 'int16':
      return fill(new Int32Array(count), (offset) => view.getInt16(offset, true));
    case 'uint16':
      return fill(new Int32Array(count), (offset) => view.getUint16(offset, true));
    case 'int8':
      return fill(new Int32Array(count), (offset) => view.getInt8(offset));
    case 'uint8':
      return new Uint8Array(bytes);
    case 'bool':
      return Uint8Array.from(bytes, (value) => (value === 0 ? 0 : 1));
    case 'string':
      throw new DnnError('EINVAL', `${where}: strings have no packed form`);
  }
}
