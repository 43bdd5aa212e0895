/** Reads a TensorProto (onnx/onnx.proto) without decoding its values. */
import { WireType, type ProtobufReader } from '../../protobuf/protobuf-reader.ts';
import type { ExternalData, TensorProto } from './onnx-messages.ts';

/** Dimensions above this occur only in damaged files. */
const maximumRank = 64;

/** A StringStringEntryProto. */
export function readEntry(reader: ProtobufReader): readonly [key: string, value: string] {
  let [key, value] = ['', ''];
  while (!reader.done) {
    const tag = reader.readTag();
    if (tag.field === 1 && tag.wireType === WireType.bytes) key = reader.readString();
    else if (tag.field === 2 && tag.wireType === WireType.bytes) value = reader.readString();
    else reader.skip(tag);
  }
  return [key, value];
}

function wholeNumber(reader: ProtobufReader, entries: ReadonlyMap<string, string>, key: string): number {
  const text = entries.get(key) ?? '';
  if (!/^\d{1,15}$/.test(text)) throw reader.error(`external data with the ${key} '${text.slice(0, 40)}'`);
  return Number(text);
}

function externalData(reader: ProtobufReader, entries: ReadonlyMap<string, string>): ExternalData {
  return {
    location: entries.get('location') ?? '',
    offset: entries.has('offset') ? wholeNumber(reader, entries, 'offset') : 0,
    length: entries.has('length') ? wholeNumber(reader, entries, 'length') : undefined,
  };
}

/** @throws DnnError `EINVAL` with the byte offset where the bytes are no TensorProto. */
export function readTensorProto(reader: ProtobufReader): TensorProto {
  const offset = reader.position;
  const dims: number[] = [];
  const values: number[] = [];
  const entries = new Map<string, string>();
  let [name, dataType, isExternal] = ['', 0, false];
  let raw: Uint8Array | undefined;
  while (!reader.done) {
    const tag = reader.readTag();
    switch (tag.field) {
      case 1:
        reader.readRepeated(tag, (from) => dims.push(from.readVarint()));
        if (dims.length > maximumRank) throw reader.error(`a tensor of rank ${dims.length}`);
        break;
      case 2:
        reader.expect(tag, WireType.varint);
        dataType = reader.readVarint();
        break;
      case 4:
        reader.readRepeated(tag, (from) => values.push(from.readFloat()));
        break;
      case 5:
      case 7:
      case 11:
        reader.readRepeated(tag, (from) => values.push(from.readVarint()));
        break;
      case 8:
        reader.expect(tag, WireType.bytes);
        name = reader.readName();
        break;
      case 9:
        reader.expect(tag, WireType.bytes);
        raw = reader.readBytes();
        break;
      case 10:
        reader.readRepeated(tag, (from) => values.push(from.readDouble()));
        break;
      case 13:
        reader.expect(tag, WireType.bytes);
        entries.set(...readEntry(reader.readMessage()));
        break;
      case 14:
        reader.expect(tag, WireType.varint);
        isExternal = reader.readVarint() === 1;
        break;
      default:
        reader.skip(tag);
    }
  }
  const wrong = dims.find((size) => size < 0 || !Number.isSafeInteger(size));
  if (wrong !== undefined) throw reader.error(`a tensor with the size ${wrong}`, offset);
  const external = isExternal ? externalData(reader, entries) : undefined;
  return { name, dataType, dims, raw, values, external, offset };
}
