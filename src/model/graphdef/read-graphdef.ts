/** A frozen TensorFlow graph (binary GraphDef, tensorflow/core/framework/graph.proto) to a Graph. */
import { DnnError } from '../../base/errors.ts';
import type { AttrValue, Graph, GraphNode } from '../../graph/graph.ts';
import { normaliseReference } from '../../graph/node-reference.ts';
import { AllocationBudget } from '../allocation-budget.ts';
import { checkGraph } from '../check-graph.ts';
import { readAttrValue } from './attr-value.ts';
import { ProtobufReader, WireType } from './protobuf-reader.ts';

/**
 * Reads a frozen graph. The Graph shares no memory with `bytes`.
 *
 * @param bytes the whole file.
 * @param name name of the file, for messages.
 * @throws DnnError `EINVAL`: with the byte offset where the bytes are no GraphDef; with the node's name where they are
 *   one but no valid frozen graph (same name twice, missing input, cycle, variables).
 */
export function readGraphDef(bytes: Uint8Array, name: string): Graph {
  const reader = new ProtobufReader(bytes, name);
  const budget = new AllocationBudget();
  const nodes: GraphNode[] = [];
  while (!reader.done) {
    const tag = reader.readTag();
    if (tag.field === 1) {
      reader.expect(tag, WireType.bytes);
      nodes.push(readNode(reader.readMessage(), budget));
    } else if (tag.field === 3 && tag.wireType === WireType.bytes) {
      // GraphDef's field 3 is a number; here stands MetaGraphDef's saver_def.
      throw new DnnError(
        'EINVAL',
        `model '${name}' is a checkpoint's .meta file (MetaGraphDef), which holds no weights; freeze the graph first`,
        { option: 'model', file: name },
      );
    } else if (tag.field >= 2 && tag.field <= 4) {
      reader.skip(tag); // function library, version, versions
    } else {
      throw reader.error(`field ${tag.field}, which a GraphDef does not have,`);
    }
  }
  const graph: Graph = { nodes, signature: { inputs: {}, outputs: {} } };
  checkGraph(graph, name);
  return graph;
}

/** Reads a NodeDef. Attributes are interpreted last, so that messages can name the node. */
function readNode(reader: ProtobufReader, budget: AllocationBudget): GraphNode {
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
    else if (tag.field === 3) inputs.push(normaliseReference(reader.readName()));
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
