/** The pass that removes nodes which hand their input on unchanged. */
import type { Graph, GraphNode } from './graph.ts';
import { moveReferences, renameReferences, withNodes } from './graph-edits.ts';
import { parseReference } from './node-reference.ts';
import { hasControlFlow } from './remove-dead-nodes.ts';
import { nodesByName } from './topological-order.ts';

const identityOps = new Set(['Identity', 'StopGradient', 'PreventGradient', 'Snapshot']);

function isIdentity(node: GraphNode): boolean {
  return identityOps.has(node.op) && node.inputs.length === 1 && !parseReference(node.inputs[0]!).control;
}

/**
 * Removes Identity nodes. Consumers take the producer instead; an output keeps its name, which its
 * producer takes over unless the producer's own name is needed too (it is an input, an output or a
 * constant): then the Identity stays.
 *
 * @param kept names of the graph's inputs and outputs.
 */
export function dropIdentity(graph: Graph, kept: ReadonlySet<string>): Graph {
  // With control flow an Identity may stand for a branch that is taken.
  if (hasControlFlow(graph)) return graph;
  const dropped = graph.nodes.filter((node) => isIdentity(node) && !kept.has(node.name));
  const droppedNames = new Set(dropped.map((node) => node.name));
  const nodes = moveReferences(
    graph.nodes.filter((node) => !droppedNames.has(node.name)),
    new Map(dropped.map((node) => [node.name, node.inputs[0]!])),
  );
  return renameProducers(withNodes(graph, nodes), kept);
}

/** Gives the producer of each output Identity the output's name. */
function renameProducers(graph: Graph, kept: ReadonlySet<string>): Graph {
  const byName = nodesByName(graph);
  const names = new Map<string, string>();
  for (const node of graph.nodes) {
    if (!isIdentity(node)) continue;
    const { name, output } = parseReference(node.inputs[0]!);
    const producer = byName.get(name)!;
    const free = output === 0 && !kept.has(name) && !names.has(name) && producer.op !== 'Const';
    if (free && !isIdentity(producer)) names.set(name, node.name);
  }
  const replaced = new Set(names.values());
  const left = graph.nodes.filter((node) => !replaced.has(node.name));
  return withNodes(graph, renameReferences(left, names));
}
