/** TensorFlow's DataType enum (tensorflow/core/framework/types.proto) as numbers and names. */
import type { DataType } from '../graph/graph.ts';

interface TensorFlowType {
  readonly number: number;
  /** The enum's own name, as JSON files spell it. */
  readonly protoName: string;
  readonly type: DataType;
  /** Bytes of one value in tensor_content; 0 where values have no fixed size. */
  readonly bytes: number;
}

const types: readonly TensorFlowType[] = [
  { number: 1, protoName: 'DT_FLOAT', type: 'float32', bytes: 4 },
  { number: 2, protoName: 'DT_DOUBLE', type: 'float64', bytes: 8 },
  { number: 3, protoName: 'DT_INT32', type: 'int32', bytes: 4 },
  { number: 4, protoName: 'DT_UINT8', type: 'uint8', bytes: 1 },
  { number: 5, protoName: 'DT_INT16', type: 'int16', bytes: 2 },
  { number: 6, protoName: 'DT_INT8', type: 'int8', bytes: 1 },
  { number: 7, protoName: 'DT_STRING', type: 'string', bytes: 0 },
  { number: 9, protoName: 'DT_INT64', type: 'int64', bytes: 8 },
  { number: 10, protoName: 'DT_BOOL', type: 'bool', bytes: 1 },
  { number: 17, protoName: 'DT_UINT16', type: 'uint16', bytes: 2 },
  { number: 19, protoName: 'DT_HALF', type: 'float16', bytes: 2 },
];

/** Enum values that a graph may mention but whose tensors this project does not hold, for error messages. */
const refused: Readonly<Record<number, string>> = {
  8: 'DT_COMPLEX64',
  11: 'DT_QINT8',
  12: 'DT_QUINT8',
  13: 'DT_QINT32',
  14: 'DT_BFLOAT16',
  15: 'DT_QINT16',
  16: 'DT_QUINT16',
  18: 'DT_COMPLEX128',
  20: 'DT_RESOURCE',
  21: 'DT_VARIANT',
  22: 'DT_UINT32',
  23: 'DT_UINT64',
};

/** The type with this enum number; reference types (number + 100) count as what they refer to. */
export function dataTypeFromNumber(number: number): DataType | undefined {
  const value = number > 100 ? number - 100 : number;
  return types.find((entry) => entry.number === value)?.type;
}

/** The type with this enum name, such as `DT_FLOAT`. */
export function dataTypeFromProtoName(name: string): DataType | undefined {
  return types.find((entry) => entry.protoName === name)?.type;
}

/** `DT_FLOAT` for 1, and the bare number where the enum has no such value. */
export function dataTypeLabel(number: number): string {
  return types.find((entry) => entry.number === number)?.protoName ?? refused[number] ?? String(number);
}

/** The enum's number and the bytes per value in tensor_content. */
export function dataTypeEncoding(type: DataType): { readonly number: number; readonly bytes: number } {
  return types.find((entry) => entry.type === type)!;
}

/** What a Tensor of this type becomes on reading. */
export function narrowedDataType(type: DataType): DataType {
  if (type === 'float64' || type === 'float16') return 'float32';
  return type === 'int64' ? 'int32' : type;
}
