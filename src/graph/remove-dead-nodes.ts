/** The pass that keeps only what the outputs need. */
import type { Graph, GraphNode } from './graph.ts';
import { withNodes } from './graph-edits.ts';
import { nodeError } from './node-attrs.ts';
import { opNode } from './node-builder.ts';
import { parseReference } from './node-reference.ts';
import { nodesByName } from './topological-order.ts';

/** Ops of TensorFlow 1's control flow, in which control dependencies decide what runs. */
const controlFlowOps = new Set([
  'Switch',
  'Merge',
  'Enter',
  'Exit',
  'NextIteration',
  'LoopCond',
  'RefSwitch',
]);

/** True where control dependencies carry meaning and cannot be dropped. */
export function hasControlFlow(graph: Graph): boolean {
  return graph.nodes.some((node) => controlFlowOps.has(node.op));
}

/**
 * Removes every node that the outputs do not need. The inputs stay, and what stands before them goes, since
 * they are fed. Control dependencies only order side effects, which inference graphs do not have: they are
 * dropped, except in graphs with control flow.
 *
 * @throws DnnError `EINVAL` for an output that does not exist.
 */
export function removeDeadNodes(graph: Graph, inputs: readonly string[], outputs: readonly string[]): Graph {
  const byName = nodesByName(graph);
  const keepControl = hasControlFlow(graph);
  const fed = new Set(inputs);
  const live = new Set(inputs);
  const pending = [...outputs];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (live.has(name)) continue;
    const node = byName.get(name);
    if (node === undefined) {
      throw nodeError(opNode(name, 'missing'), 'is needed, but the graph does not have it');
    }
    live.add(name);
    for (const input of node.inputs) {
      const reference = parseReference(input);
      if (keepControl || !reference.control) pending.push(reference.name);
    }
  }
  const clean = (node: GraphNode): GraphNode => {
    if (fed.has(node.name)) return node.inputs.length === 0 ? node : { ...node, inputs: [] };
    if (keepControl || !node.inputs.some((input) => input.startsWith('^'))) return node;
    return { ...node, inputs: node.inputs.filter((input) => !input.startsWith('^')) };
  };
  return withNodes(graph, graph.nodes.filter((node) => live.has(node.name)).map(clean));
}
