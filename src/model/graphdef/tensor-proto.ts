/** TensorProto (tensorflow/core/framework/tensor.proto) to Tensor. */
import { DnnError } from '../../base/errors.ts';
import type { DataType, Shape, Tensor, TensorData } from '../../graph/graph.ts';
import { elementCount, isFullyKnown, zeros } from '../../graph/tensor-storage.ts';
import type { AllocationBudget } from '../allocation-budget.ts';
import { dataTypeFromNumber, dataTypeLabel, narrowedDataType } from '../data-type.ts';
import { contentBytes, decodeContent, halfToNumber, narrowInt64 } from '../tensor-content.ts';
import type { ProtobufReader, Tag } from '../protobuf/protobuf-reader.ts';
import { WireType } from '../protobuf/protobuf-reader.ts';

/** Ranks above this occur only in damaged files. */
const maximumRank = 32;

/** What a TensorProto says before it is interpreted. */
interface RawTensor {
  dtype: number;
  shape: Shape;
  content: Uint8Array | undefined;
  readonly values: number[];
  readonly strings: string[];
}

/** Reads a TensorShapeProto: sizes with -1 for unknown ones, null for unknown rank. */
export function readShape(reader: ProtobufReader): Shape {
  const sizes: number[] = [];
  let unknownRank = false;
  while (!reader.done) {
    const tag = reader.readTag();
    if (tag.field === 2) {
      reader.expect(tag, WireType.bytes);
      sizes.push(readDimension(reader.readMessage()));
      if (sizes.length > maximumRank) throw reader.error(`a shape of more than ${maximumRank} dimensions`);
    } else if (tag.field === 3) {
      reader.expect(tag, WireType.varint);
      unknownRank = reader.readVarint() !== 0;
    } else {
      reader.skip(tag);
    }
  }
  return unknownRank ? null : sizes;
}

function readDimension(reader: ProtobufReader): number {
  let size = 0;
  while (!reader.done) {
    const tag = reader.readTag();
    if (tag.field === 1) {
      reader.expect(tag, WireType.varint);
      size = reader.readVarint();
      if (size < -1 || size > 2 ** 31 - 1) throw reader.error(`the dimension ${size}`);
    } else {
      reader.skip(tag);
    }
  }
  return size;
}

/**
 * Reads a TensorProto. Values come from tensor_content, or from the list of the type, whose last value is
 * repeated (Tensor::FromProto of tensor.cc); no value at all means zeros.
 *
 * @param where names the node in messages.
 * @throws DnnError `EINVAL` with the byte offset.
 */
export function readTensor(reader: ProtobufReader, budget: AllocationBudget, where: string): Tensor {
  const offset = reader.position;
  const raw = readFields(reader, where);
  const type = dataTypeFromNumber(raw.dtype);
  if (type === undefined) {
    const label = dataTypeLabel(raw.dtype);
    if (!label.startsWith('DT_')) throw reader.error(`${where} has a constant of type ${label}`, offset);
    const wayOut = label.startsWith('DT_Q')
      ? 'the graph was quantised: give it as it was before quantize_weights or quantize_nodes, or an ONNX model of int8'
      : 'convert the constant to float, and freeze the graph again';
    throw new DnnError(
      'ENOSYS',
      `model '${reader.file}': ${where} has a constant of type ${label}, at byte ${offset}, which is not supported; ${wayOut}`,
      { option: 'model', file: reader.file, offset },
    );
  }
  if (!isFullyKnown(raw.shape)) throw reader.error(`${where} has a constant of unknown shape`, offset);
  const count = elementCount(raw.shape);
  if (raw.content !== undefined && raw.content.length > 0 && type !== 'string') {
    if (raw.content.length !== contentBytes(type, count)) {
      throw reader.error(
        `${where} has ${raw.content.length} bytes of values where its shape [${raw.shape.join(', ')}] needs ` +
          `${contentBytes(type, count)}`,
        offset,
      );
    }
    return { dtype: narrowedDataType(type), shape: raw.shape, data: decodeContent(type, raw.content, where) };
  }
  const given = type === 'string' ? raw.strings.length : raw.values.length;
  if (count > given && !budget.take(count - given)) {
    throw reader.error(
      `${where} has a constant of shape [${raw.shape.join(', ')}] with ${given} values`,
      offset,
    );
  }
  return { dtype: narrowedDataType(type), shape: raw.shape, data: expandValues(type, count, raw, where) };
}

/** The first `count` values, the last one repeated as often as it takes. */
function expandValues(type: DataType, count: number, raw: RawTensor, where: string): TensorData {
  if (type === 'string') {
    const last = raw.strings.at(-1) ?? '';
    return Array.from({ length: count }, (_, index) => raw.strings[index] ?? last);
  }
  const values = type === 'int64' ? raw.values.map((value) => narrowInt64(value, where)) : raw.values;
  const data = zeros(type, count);
  data.set(values.length > count ? values.slice(0, count) : values);
  data.fill(values.at(-1) ?? 0, values.length);
  return data;
}

function readFields(reader: ProtobufReader, where: string): RawTensor {
  const raw: RawTensor = { dtype: 0, shape: [], content: undefined, values: [], strings: [] };
  while (!reader.done) {
    const tag = reader.readTag();
    switch (tag.field) {
      case 1:
        reader.expect(tag, WireType.varint);
        raw.dtype = reader.readVarint();
        break;
      case 2:
        reader.expect(tag, WireType.bytes);
        raw.shape = readShape(reader.readMessage());
        break;
      case 4:
        reader.expect(tag, WireType.bytes);
        raw.content = reader.readBytes();
        break;
      case 8:
        reader.expect(tag, WireType.bytes);
        raw.strings.push(reader.readString());
        break;
      case 14:
      case 15:
        throw reader.error(`${where} holds a resource or variant, which a frozen graph cannot,`);
      default:
        readValues(reader, tag, raw.values);
    }
  }
  return raw;
}

/** The fields float_val, double_val, int_val, int64_val, bool_val, half_val, uint32_val and uint64_val. */
function readValues(reader: ProtobufReader, tag: Tag, values: number[]): void {
  switch (tag.field) {
    case 5:
      checkScalar(reader, tag, WireType.fixed32);
      reader.readRepeated(tag, (packed) => values.push(packed.readFloat()));
      break;
    case 6:
      checkScalar(reader, tag, WireType.fixed64);
      reader.readRepeated(tag, (packed) => values.push(packed.readDouble()));
      break;
    case 7:
    case 10:
    case 11:
      checkScalar(reader, tag, WireType.varint);
      reader.readRepeated(tag, (packed) => values.push(packed.readVarint()));
      break;
    case 13:
      checkScalar(reader, tag, WireType.varint);
      reader.readRepeated(tag, (packed) => values.push(halfToNumber(packed.readVarint() & 0xffff)));
      break;
    default:
      reader.skip(tag);
  }
}

/** A repeated scalar is packed or has the wire type of one value. */
function checkScalar(reader: ProtobufReader, tag: Tag, wireType: number): void {
  if (tag.wireType !== WireType.bytes) reader.expect(tag, wireType);
}
