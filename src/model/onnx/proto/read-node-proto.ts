/** Reads NodeProto, AttributeProto and GraphProto (onnx/onnx.proto), which hold each other. */
import { WireType, type ProtobufReader } from '../../protobuf/protobuf-reader.ts';
import type { AttributeProto, GraphProto, NodeProto, TensorProto, ValueInfo } from './onnx-messages.ts';
import { readTensorProto } from './read-tensor-proto.ts';

/** Graphs in graphs: deeper ones occur only in damaged files. */
const maximumDepth = 32;

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** @param depth number of graphs around this attribute. */
export function readAttribute(reader: ProtobufReader, depth: number): AttributeProto {
  const floats: number[] = [];
  const ints: number[] = [];
  const strings: string[] = [];
  const attribute: Mutable<AttributeProto> = { name: '', floats, ints, strings, reference: '' };
  while (!reader.done) {
    const tag = reader.readTag();
    const expectBytes = (): void => {
      reader.expect(tag, WireType.bytes);
    };
    switch (tag.field) {
      case 1:
        expectBytes();
        attribute.name = reader.readName();
        break;
      case 2:
        reader.expect(tag, WireType.fixed32);
        attribute.f = reader.readFloat();
        break;
      case 3:
        reader.expect(tag, WireType.varint);
        attribute.i = reader.readVarint();
        break;
      case 4:
        expectBytes();
        attribute.s = reader.readString();
        break;
      case 5:
        expectBytes();
        attribute.t = readTensorProto(reader.readMessage());
        break;
      case 6:
        expectBytes();
        attribute.g = readGraphProto(reader.readMessage(), depth + 1);
        break;
      case 7:
        reader.readRepeated(tag, (from) => floats.push(from.readFloat()));
        break;
      case 8:
        reader.readRepeated(tag, (from) => ints.push(from.readVarint()));
        break;
      case 9:
        expectBytes();
        strings.push(reader.readString());
        break;
      case 21:
        expectBytes();
        attribute.reference = reader.readName();
        break;
      default:
        reader.skip(tag);
    }
  }
  return attribute;
}

export function readNodeProto(reader: ProtobufReader, depth: number): NodeProto {
  const offset = reader.position;
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, AttributeProto>();
  let [name, op, domain, overload] = ['', '', '', ''];
  while (!reader.done) {
    const tag = reader.readTag();
    if (tag.field > 8 || tag.field === 6) {
      reader.skip(tag);
      continue;
    }
    reader.expect(tag, WireType.bytes);
    switch (tag.field) {
      case 1:
        inputs.push(reader.readName());
        break;
      case 2:
        outputs.push(reader.readName());
        break;
      case 3:
        name = reader.readName();
        break;
      case 4:
        op = reader.readName();
        break;
      case 5: {
        const attribute = readAttribute(reader.readMessage(), depth);
        attributes.set(attribute.name, attribute);
        break;
      }
      case 7:
        domain = reader.readName();
        break;
      default:
        overload = reader.readName();
    }
  }
  return { inputs, outputs, name, op, domain: plainDomain(domain), overload, attributes, offset };
}

/** ONNX's own domain has two names. */
export function plainDomain(domain: string): string {
  return domain === 'ai.onnx' ? '' : domain;
}

type TensorType = Omit<ValueInfo, 'name'>;

/** TensorShapeProto: -1 for a size with a name, or with none. */
function readShape(reader: ProtobufReader): Pick<TensorType, 'shape' | 'sizeNames'> {
  const shape: number[] = [];
  const sizeNames: string[] = [];
  while (!reader.done) {
    const tag = reader.readTag();
    if (tag.field !== 1 || tag.wireType !== WireType.bytes) {
      reader.skip(tag);
      continue;
    }
    const dimension = reader.readMessage();
    let size = -1;
    let name = '';
    while (!dimension.done) {
      const entry = dimension.readTag();
      if (entry.field === 1 && entry.wireType === WireType.varint) size = dimension.readVarint();
      else if (entry.field === 2 && entry.wireType === WireType.bytes) name = dimension.readName();
      else dimension.skip(entry);
    }
    shape.push(Number.isSafeInteger(size) && size >= 0 ? size : -1);
    sizeNames.push(name);
  }
  return { shape, sizeNames };
}

function readTensorType(reader: ProtobufReader): TensorType {
  let dataType = 0;
  let sizes: Pick<TensorType, 'shape' | 'sizeNames'> = { shape: null, sizeNames: [] };
  while (!reader.done) {
    const tag = reader.readTag();
    if (tag.field === 1 && tag.wireType === WireType.varint) dataType = reader.readVarint();
    else if (tag.field === 2 && tag.wireType === WireType.bytes) sizes = readShape(reader.readMessage());
    else reader.skip(tag);
  }
  return { dataType, ...sizes };
}

/** ValueInfoProto with its TypeProto. */
function readValueInfo(reader: ProtobufReader): ValueInfo {
  let name = '';
  let type: TensorType = { dataType: 0, shape: null, sizeNames: [] };
  while (!reader.done) {
    const tag = reader.readTag();
    if (tag.field === 1 && tag.wireType === WireType.bytes) name = reader.readName();
    else if (tag.field === 2 && tag.wireType === WireType.bytes) {
      const any = reader.readMessage();
      while (!any.done) {
        const kind = any.readTag();
        if (kind.field === 1 && kind.wireType === WireType.bytes) type = readTensorType(any.readMessage());
        else any.skip(kind);
      }
    } else reader.skip(tag);
  }
  return { name, ...type };
}

/** The name of a SparseTensorProto: that of its values. */
function sparseName(reader: ProtobufReader): string {
  let name = '';
  while (!reader.done) {
    const tag = reader.readTag();
    if (tag.field === 1 && tag.wireType === WireType.bytes) name = readTensorProto(reader.readMessage()).name;
    else reader.skip(tag);
  }
  return name;
}

/**
 * @param depth number of graphs around this one.
 * @throws DnnError `EINVAL` with the byte offset where the bytes are no GraphProto.
 */
export function readGraphProto(reader: ProtobufReader, depth = 0): GraphProto {
  if (depth > maximumDepth) throw reader.error(`more than ${maximumDepth} graphs in each other`);
  const nodes: NodeProto[] = [];
  const initializers: TensorProto[] = [];
  const inputs: ValueInfo[] = [];
  const outputs: ValueInfo[] = [];
  const sparse: string[] = [];
  while (!reader.done) {
    const tag = reader.readTag();
    if (![1, 5, 11, 12, 15].includes(tag.field)) {
      reader.skip(tag);
      continue;
    }
    reader.expect(tag, WireType.bytes);
    const message = reader.readMessage();
    if (tag.field === 1) nodes.push(readNodeProto(message, depth));
    else if (tag.field === 5) initializers.push(readTensorProto(message));
    else if (tag.field === 11) inputs.push(readValueInfo(message));
    else if (tag.field === 12) outputs.push(readValueInfo(message));
    else sparse.push(sparseName(message));
  }
  return { nodes, initializers, inputs, outputs, sparse };
}
