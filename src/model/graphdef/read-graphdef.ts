/** A frozen TensorFlow graph (binary GraphDef, tensorflow/core/framework/graph.proto) to a Graph. */
import { DnnError } from '../../base/errors.ts';
import type { Graph, GraphFunction, GraphNode } from '../../graph/graph.ts';
import { normaliseReference } from '../../graph/node-reference.ts';
import { AllocationBudget } from '../allocation-budget.ts';
import { checkGraph } from '../check-graph.ts';
import { readNode } from './node-def.ts';
import { readLibrary } from './function-library.ts';
import { ProtobufReader, WireType } from '../protobuf/protobuf-reader.ts';

/**
 * Reads a frozen graph. The Graph shares no memory with `bytes`.
 *
 * @param bytes the whole file.
 * @param name name of the file, for messages.
 * @throws DnnError `EINVAL`: with the byte offset where the bytes are no GraphDef; with the node's name where
 *   they are one but no valid frozen graph (same name twice, missing input, cycle, variables).
 */
export function readGraphDef(bytes: Uint8Array, name: string): Graph {
  const reader = new ProtobufReader(bytes, name, 'a frozen TensorFlow graph (binary GraphDef)');
  const budget = new AllocationBudget();
  const nodes: GraphNode[] = [];
  const library: GraphFunction[] = [];
  while (!reader.done) {
    const tag = reader.readTag();
    if (tag.field === 1) {
      reader.expect(tag, WireType.bytes);
      const node = readNode(reader.readMessage(), budget);
      nodes.push({ ...node, inputs: node.inputs.map(normaliseReference) });
    } else if (tag.field === 2) {
      reader.expect(tag, WireType.bytes);
      for (const entry of readLibrary(reader.readMessage(), budget)) library.push(entry);
    } else if (tag.field === 3 && tag.wireType === WireType.bytes) {
      // GraphDef's field 3 is a number; here stands MetaGraphDef's saver_def.
      throw new DnnError(
        'EINVAL',
        `model '${name}' is a checkpoint's .meta file (MetaGraphDef), which holds no weights; freeze the graph first`,
        { option: 'model', file: name },
      );
    } else if (tag.field === 3 || tag.field === 4) {
      reader.skip(tag); // version, versions
    } else {
      throw reader.error(`field ${tag.field}, which a GraphDef does not have,`);
    }
  }
  const signature = { inputs: {}, outputs: {} };
  const graph: Graph = { nodes, signature, ...(library.length > 0 && { library }) };
  checkGraph(graph, name);
  return graph;
}
