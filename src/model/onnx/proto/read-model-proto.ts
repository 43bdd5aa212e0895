/** Reads a ModelProto, the whole of an .onnx file (onnx/onnx.proto). */
import { ProtobufReader, WireType } from '../../protobuf/protobuf-reader.ts';
import type { AttributeProto, FunctionProto, GraphProto, ModelProto, NodeProto } from './onnx-messages.ts';
import { plainDomain, readAttribute, readGraphProto, readNodeProto } from './read-node-proto.ts';
import { readEntry } from './read-tensor-proto.ts';

/** An OperatorSetIdProto. */
function readOpset(reader: ProtobufReader): readonly [domain: string, version: number] {
  let [domain, version] = ['', 0];
  while (!reader.done) {
    const tag = reader.readTag();
    if (tag.field === 1 && tag.wireType === WireType.bytes) domain = reader.readName();
    else if (tag.field === 2 && tag.wireType === WireType.varint) version = reader.readVarint();
    else reader.skip(tag);
  }
  return [plainDomain(domain), version];
}

function readFunction(reader: ProtobufReader): FunctionProto {
  const [inputs, outputs, nodes]: [string[], string[], NodeProto[]] = [[], [], []];
  const opsets = new Map<string, number>();
  const defaults = new Map<string, AttributeProto>();
  let [name, domain, overload] = ['', '', ''];
  while (!reader.done) {
    const tag = reader.readTag();
    if (![1, 4, 5, 7, 9, 10, 11, 13].includes(tag.field)) {
      reader.skip(tag);
      continue;
    }
    reader.expect(tag, WireType.bytes);
    if (tag.field === 1) name = reader.readName();
    else if (tag.field === 4) inputs.push(reader.readName());
    else if (tag.field === 5) outputs.push(reader.readName());
    else if (tag.field === 7) nodes.push(readNodeProto(reader.readMessage(), 1));
    else if (tag.field === 9) opsets.set(...readOpset(reader.readMessage()));
    else if (tag.field === 10) domain = plainDomain(reader.readName());
    else if (tag.field === 13) overload = reader.readName();
    else {
      const attribute = readAttribute(reader.readMessage(), 1);
      defaults.set(attribute.name, attribute);
    }
  }
  return { name, domain, overload, inputs, outputs, nodes, defaults, opsets };
}

/**
 * Reads a model. Raw tensor data stays a view of `bytes`.
 *
 * @param file name of the file, for messages.
 * @throws DnnError `EINVAL` with the byte offset where the bytes are no ModelProto.
 */
export function readModelProto(bytes: Uint8Array, file: string): ModelProto {
  const reader = new ProtobufReader(bytes, file, 'an ONNX model (ModelProto)');
  const opsets = new Map<string, number>();
  const metadata = new Map<string, string>();
  const functions: FunctionProto[] = [];
  let producer = '';
  let graph: GraphProto | undefined;
  while (!reader.done) {
    const tag = reader.readTag();
    if (![2, 7, 8, 14, 25].includes(tag.field)) {
      reader.skip(tag);
      continue;
    }
    reader.expect(tag, WireType.bytes);
    if (tag.field === 2) producer = reader.readString();
    else if (tag.field === 7) graph = readGraphProto(reader.readMessage());
    else if (tag.field === 8) opsets.set(...readOpset(reader.readMessage()));
    else if (tag.field === 14) metadata.set(...readEntry(reader.readMessage()));
    else functions.push(readFunction(reader.readMessage()));
  }
  if (graph === undefined) throw reader.error('no graph');
  return { producer, graph, opsets, functions, metadata };
}
