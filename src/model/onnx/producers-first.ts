/** An order of an ONNX graph's nodes in which every node follows its producers. */
import type { NodeProto } from './proto/onnx-messages.ts';

/** The values that a node takes, those that its branches take from around them too. */
function* takenBy(node: NodeProto): Generator<string> {
  yield* node.inputs;
  for (const { g } of node.attributes.values()) {
    if (g === undefined) continue;
    for (const inner of g.nodes) yield* takenBy(inner);
    for (const { name } of g.outputs) yield name;
  }
}

/** Nodes keep their file order where that allows it; a cycle is left for the reader to find. */
export function producersFirst(nodes: readonly NodeProto[]): NodeProto[] {
  const producers = new Map<string, NodeProto>();
  for (const node of nodes) for (const output of node.outputs) if (output !== '') producers.set(output, node);
  const order: NodeProto[] = [];
  const seen = new Set<NodeProto>();
  for (const start of nodes) {
    if (seen.has(start)) continue;
    seen.add(start);
    const stack = [{ node: start, taken: takenBy(start) }];
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const next = top.taken.next();
      if (next.done === true) {
        order.push(top.node);
        stack.pop();
        continue;
      }
      const producer = producers.get(next.value);
      if (producer === undefined || seen.has(producer)) continue;
      seen.add(producer);
      stack.push({ node: producer, taken: takenBy(producer) });
    }
  }
  return order;
}
