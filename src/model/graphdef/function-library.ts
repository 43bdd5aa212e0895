/**
 * FunctionDefLibrary (tensorflow/core/framework/function.proto, op_def.proto) to the functions of a Graph.
 */
import type { FunctionArgument, GraphFunction, GraphNode } from '../../graph/graph.ts';
import type { AllocationBudget } from '../allocation-budget.ts';
import { dataTypeFromNumber } from '../data-type.ts';
import { readNode } from './node-def.ts';
import type { ProtobufReader, Tag } from '../protobuf/protobuf-reader.ts';
import { WireType } from '../protobuf/protobuf-reader.ts';

/**
 * Calls `field` for each field of a message whose number is listed and that holds
 * bytes; the others are skipped.
 */
function eachMessage(
  reader: ProtobufReader,
  numbers: readonly number[],
  field: (tag: Tag, message: ProtobufReader) => void,
): void {
  while (!reader.done) {
    const tag = reader.readTag();
    if (numbers.includes(tag.field)) {
      reader.expect(tag, WireType.bytes);
      field(tag, reader.readMessage());
    } else {
      reader.skip(tag);
    }
  }
}

/** @throws DnnError `EINVAL` with the byte offset. */
export function readLibrary(reader: ProtobufReader, budget: AllocationBudget): GraphFunction[] {
  const functions: GraphFunction[] = [];
  eachMessage(reader, [1], (_, message) => functions.push(readFunction(message, budget)));
  return functions;
}

/** Reads a FunctionDef. */
function readFunction(reader: ProtobufReader, budget: AllocationBudget): GraphFunction {
  const start = reader.position;
  const nodes: GraphNode[] = [];
  const returns = new Map<string, string>();
  let signature: Omit<GraphFunction, 'nodes' | 'returns'> | undefined;
  eachMessage(reader, [1, 3, 4], ({ field }, message) => {
    if (field === 1) signature = readSignature(message);
    else if (field === 3) nodes.push(readNode(message, budget));
    else returns.set(...readReturn(message));
  });
  if (signature === undefined) throw reader.error('a function without a signature', start);
  return { ...signature, nodes, returns: Object.fromEntries(returns) };
}

/** Reads an OpDef: name and arguments. */
function readSignature(reader: ProtobufReader): Omit<GraphFunction, 'nodes' | 'returns'> {
  let name = '';
  const inputs: FunctionArgument[] = [];
  const outputs: FunctionArgument[] = [];
  while (!reader.done) {
    const tag = reader.readTag();
    if (tag.field < 1 || tag.field > 3) {
      reader.skip(tag);
      continue;
    }
    reader.expect(tag, WireType.bytes);
    if (tag.field === 1) name = reader.readName();
    else (tag.field === 2 ? inputs : outputs).push(readArgument(reader.readMessage()));
  }
  return { name, inputs, outputs };
}

/** Reads an OpDef.ArgDef. */
function readArgument(reader: ProtobufReader): FunctionArgument {
  let name = '';
  let type: FunctionArgument['type'];
  while (!reader.done) {
    const tag = reader.readTag();
    if (tag.field === 1) {
      reader.expect(tag, WireType.bytes);
      name = reader.readName();
    } else if (tag.field === 3) {
      reader.expect(tag, WireType.varint);
      type = dataTypeFromNumber(reader.readVarint());
    } else {
      reader.skip(tag);
    }
  }
  return { name, type };
}

/** Reads an entry of the map field `ret`. */
function readReturn(reader: ProtobufReader): [name: string, reference: string] {
  let [name, reference] = ['', ''];
  while (!reader.done) {
    const tag = reader.readTag();
    if (tag.field !== 1 && tag.field !== 2) {
      reader.skip(tag);
      continue;
    }
    reader.expect(tag, WireType.bytes);
    if (tag.field === 1) name = reader.readName();
    else reference = reader.readName();
  }
  return [name, reference];
}
