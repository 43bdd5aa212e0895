/** Small lookups and edits that passes are made of; none of them changes its argument. */
import type { Graph, GraphNode } from './graph.ts';
import { formatReference, parseReference } from './node-reference.ts';

/** The nodes that take a tensor or a control dependency from each node, by producer name. */
export function consumersByName(graph: Graph): Map<string, GraphNode[]> {
  const consumers = new Map<string, GraphNode[]>();
  for (const node of graph.nodes) {
    for (const name of new Set(node.inputs.map((input) => parseReference(input).name))) {
      const list = consumers.get(name);
      if (list === undefined) consumers.set(name, [node]);
      else list.push(node);
    }
  }
  return consumers;
}

/**
 * The one node that takes this node's first output once, where nothing else needs it.
 *
 * @param consumers of `consumersByName`. @param kept names of nodes that are read from outside.
 */
export function onlyConsumer(
  node: GraphNode,
  consumers: ReadonlyMap<string, readonly GraphNode[]>,
  kept: ReadonlySet<string>,
): GraphNode | undefined {
  const list = consumers.get(node.name);
  if (kept.has(node.name) || list?.length !== 1) return undefined;
  const consumer = list[0]!;
  const uses = consumer.inputs.filter((input) => input === node.name).length;
  return uses === 1 && consumer.inputs.every((input) => !input.startsWith('^')) ? consumer : undefined;
}

/** The graph with other nodes; signature and functions stay. */
export function withNodes(graph: Graph, nodes: readonly GraphNode[]): Graph {
  return { ...graph, nodes };
}

/**
 * Replaces nodes in place and appends new ones.
 *
 * @param replacements by node name; null removes the node. Names that the graph does not have are appended.
 */
export function replaceNodes(graph: Graph, replacements: ReadonlyMap<string, GraphNode | null>): Graph {
  if (replacements.size === 0) return graph;
  const left = new Map(replacements);
  const nodes: GraphNode[] = [];
  for (const node of graph.nodes) {
    const replacement = replacements.get(node.name);
    left.delete(node.name);
    if (replacement === undefined) nodes.push(node);
    else if (replacement !== null) nodes.push(replacement);
  }
  for (const node of left.values()) if (node !== null) nodes.push(node);
  return withNodes(graph, nodes);
}

/** Re-points inputs: every reference in `moves` (as a Graph holds it) is taken from its value instead. */
export function moveReferences(nodes: readonly GraphNode[], moves: ReadonlyMap<string, string>): GraphNode[] {
  if (moves.size === 0) return [...nodes];
  const target = (reference: string): string => {
    let current = reference;
    // Chains end: a reference moves from a removed node to one that precedes it.
    for (let next = moves.get(current); next !== undefined; next = moves.get(current)) current = next;
    return current;
  };
  return nodes.map((node) => {
    const inputs = node.inputs.map((input) => {
      const { name, control } = parseReference(input);
      return control ? `^${parseReference(target(name)).name}` : target(input);
    });
    return inputs.every((input, index) => input === node.inputs[index]) ? node : { ...node, inputs };
  });
}

/** Changes a node's name everywhere it is referred to. */
export function renameReferences(
  nodes: readonly GraphNode[],
  names: ReadonlyMap<string, string>,
): GraphNode[] {
  if (names.size === 0) return [...nodes];
  return nodes.map((node) => {
    const inputs = node.inputs.map((input) => {
      const { name, output, control } = parseReference(input);
      const renamed = names.get(name);
      if (renamed === undefined) return input;
      return control ? `^${renamed}` : formatReference(renamed, output);
    });
    const name = names.get(node.name) ?? node.name;
    return { ...node, name, inputs };
  });
}

/** A name that no node has: `base`, or `base_1` and so on. */
export function freshName(taken: ReadonlySet<string>, base: string): string {
  if (!taken.has(base)) return base;
  let count = 1;
  while (taken.has(`${base}_${count}`)) count++;
  return `${base}_${count}`;
}
