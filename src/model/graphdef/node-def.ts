/** NodeDef (tensorflow/core/framework/node_def.proto) to a node of a Graph. */
import type { AttrValue, GraphNode } from '../../graph/graph.ts';
import type { AllocationBudget } from '../allocation-budget.ts';
import { readAttrValue } from './attr-value.ts';
import type { ProtobufReader } from '../protobuf/protobuf-reader.ts';
import { WireType } from '../protobuf/protobuf-reader.ts';

/**
 * Reads a NodeDef; its inputs are as the file has them. Attributes are interpreted last, so
 * that messages can name the node.
 *
 * @throws DnnError `EINVAL` with the byte offset.
 */
export function readNode(reader: ProtobufReader, budget: AllocationBudget): GraphNode {
  const start = reader.position;
  let name = '';
  let op = '';
  const inputs: string[] = [];
  const attrs: ProtobufReader[] = [];
  while (!reader.done) {
    const tag = reader.readTag();
    if (tag.field === 1 || tag.field === 2 || tag.field === 3 || tag.field === 5) {
      reader.expect(tag, WireType.bytes);
    }
    if (tag.field === 1) name = reader.readName();
    else if (tag.field === 2) op = reader.readName();
    else if (tag.field === 3) inputs.push(reader.readName());
    else if (tag.field === 5) attrs.push(reader.readMessage());
    else reader.skip(tag);
  }
  if (name === '') throw reader.error('a node without a name', start);
  if (op === '') throw reader.error(`node '${name}' without an op`, start);
  return { name, op, inputs, attrs: readAttrs(attrs, budget, `node '${name}'`) };
}

/** Reads the entries of the map field `attr`. */
function readAttrs(
  entries: readonly ProtobufReader[],
  budget: AllocationBudget,
  where: string,
): Record<string, AttrValue> {
  const attrs = new Map<string, AttrValue>();
  for (const entry of entries) {
    let key = '';
    let value: AttrValue | undefined;
    while (!entry.done) {
      const tag = entry.readTag();
      if (tag.field !== 1 && tag.field !== 2) {
        entry.skip(tag);
        continue;
      }
      entry.expect(tag, WireType.bytes);
      if (tag.field === 1) key = entry.readString();
      else value = readAttrValue(entry.readMessage(), budget, where);
    }
    if (value !== undefined) attrs.set(key, value);
  }
  return Object.fromEntries(attrs);
}
