/** TensorProto.DataType (onnx/onnx.proto) by number, and how values of each type are decoded. */
import type { DataType, TensorData } from '../../../graph/graph.ts';
import { halfToNumber } from '../../tensor-content.ts';

/** An element type whose tensors are read. */
export interface ElementType {
  readonly name: string;
  /** What a Tensor of it is in a Graph. */
  readonly type: DataType;
  /** Bytes of one value in raw_data. */
  readonly bytes: number;
  /** The value at a byte offset of raw_data. */
  readonly at: (view: DataView, offset: number) => number;
  /** The value of an entry of int32_data and the like, where that holds bits instead of the value. */
  readonly ofBits?: (bits: number) => number;
}

const clampToInt32 = (value: number): number => Math.max(-(2 ** 31), Math.min(value, 2 ** 31 - 1));

const word = new DataView(new ArrayBuffer(4));

/** The upper half of a float32. */
function bfloatToNumber(bits: number): number {
  word.setUint32(0, (bits & 0xffff) << 16);
  return word.getFloat32(0);
}

/** Numbers that 32 bits do not hold stand for "to the end" and the like: they are clamped. */
const types: Readonly<Record<number, ElementType>> = {
  1: { name: 'float', type: 'float32', bytes: 4, at: (view, offset) => view.getFloat32(offset, true) },
  2: { name: 'uint8', type: 'uint8', bytes: 1, at: (view, offset) => view.getUint8(offset) },
  3: { name: 'int8', type: 'int8', bytes: 1, at: (view, offset) => view.getInt8(offset) },
  4: { name: 'uint16', type: 'uint16', bytes: 2, at: (view, offset) => view.getUint16(offset, true) },
  5: { name: 'int16', type: 'int16', bytes: 2, at: (view, offset) => view.getInt16(offset, true) },
  6: { name: 'int32', type: 'int32', bytes: 4, at: (view, offset) => view.getInt32(offset, true) },
  7: {
    name: 'int64',
    type: 'int32',
    bytes: 8,
    at: (view, offset) => clampToInt32(Number(view.getBigInt64(offset, true))),
    ofBits: clampToInt32,
  },
  9: {
    name: 'bool',
    type: 'bool',
    bytes: 1,
    at: (view, offset) => Number(view.getUint8(offset) !== 0),
    ofBits: (bits) => Number(bits !== 0),
  },
  10: {
    name: 'float16',
    type: 'float32',
    bytes: 2,
    at: (view, offset) => halfToNumber(view.getUint16(offset, true)),
    ofBits: halfToNumber,
  },
  11: { name: 'double', type: 'float32', bytes: 8, at: (view, offset) => view.getFloat64(offset, true) },
  12: {
    name: 'uint32',
    type: 'int32',
    bytes: 4,
    at: (view, offset) => clampToInt32(view.getUint32(offset, true)),
    ofBits: clampToInt32,
  },
  13: {
    name: 'uint64',
    type: 'int32',
    bytes: 8,
    at: (view, offset) => clampToInt32(Number(view.getBigUint64(offset, true))),
    // A reader of varints takes the upper half of the numbers for negative ones.
    ofBits: (value) => clampToInt32(value < 0 ? Infinity : value),
  },
  16: {
    name: 'bfloat16',
    type: 'float32',
    bytes: 2,
    at: (view, offset) => bfloatToNumber(view.getUint16(offset, true)),
    ofBits: bfloatToNumber,
  },
};

const refused: Readonly<Record<number, string>> = {
  0: 'undefined',
  8: 'string',
  14: 'complex64',
  15: 'complex128',
  17: 'float8e4m3fn',
  18: 'float8e4m3fnuz',
  19: 'float8e5m2',
  20: 'float8e5m2fnuz',
  21: 'uint4',
  22: 'int4',
  23: 'float4e2m1',
};

/** The element type with this number; undefined where its tensors are not read. */
export function elementTypeOf(dataType: number): ElementType | undefined {
  return Object.hasOwn(types, dataType) ? types[dataType] : undefined;
}

/** The name of a type, for messages. */
export function elementTypeName(dataType: number): string {
  return elementTypeOf(dataType)?.name ?? refused[dataType] ?? `type ${dataType}`;
}

/** Decodes little-endian values. @param bytes a whole number of values. @returns a copy. */
export function decodeRaw({ type, bytes: size, at }: ElementType, bytes: Uint8Array, data: TensorData): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const target = data as Float32Array;
  if (type === 'float32' && size === 4) {
    // A copy by bytes keeps every bit and is fast; all targets of this project are little-endian.
    new Uint8Array(target.buffer, target.byteOffset, target.byteLength).set(bytes);
    return;
  }
  for (let index = 0; index < target.length; index++) target[index] = at(view, index * size);
}
