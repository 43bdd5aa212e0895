/** Finds CReLU: Concat(Relu(x), Relu(Neg(x))) along the channels, which is one layer. */
import type { Graph, GraphNode } from '../../../graph/graph.ts';
import { consumersByName } from '../../../graph/graph-edits.ts';
import type { InferredShapes } from '../../../graph/infer-shapes.ts';
import { dataInputs } from '../../../graph/node-attrs.ts';
import { nodesByName } from '../../../graph/topological-order.ts';

/** The CReLUs of a graph. */
export interface ConcatenatedRelus {
  /** By the name of the Concat node, the tensor whose two signs it joins. */
  readonly sources: ReadonlyMap<string, string>;
  /** Names of the Relu and Neg nodes that nothing else needs. */
  readonly absorbed: ReadonlySet<string>;
}

/** The two joined tensors and the axis. */
function operands(node: GraphNode): { values: readonly string[]; axis: string } | undefined {
  const inputs = dataInputs(node);
  if (inputs.length !== 3) return undefined;
  if (node.op === 'ConcatV2') return { values: inputs.slice(0, 2), axis: inputs[2]! };
  return node.op === 'Concat' ? { values: inputs.slice(1), axis: inputs[0]! } : undefined;
}

/** @param outputs names of nodes that are read and cannot be left out. */
export function findConcatenatedRelus(
  graph: Graph,
  outputs: ReadonlySet<string>,
  shapes: InferredShapes,
): ConcatenatedRelus {
  const byName = nodesByName(graph);
  const consumers = consumersByName(graph);
  const sources = new Map<string, string>();
  const absorbed = new Set<string>();
  const isOnly = (node: GraphNode | undefined, op: string): node is GraphNode =>
    node?.op === op && consumers.get(node.name)?.length === 1 && !outputs.has(node.name);
  for (const node of graph.nodes) {
    const joined = operands(node);
    if (joined === undefined) continue;
    const [positive, negative] = joined.values.map((name) => byName.get(name));
    if (!isOnly(positive, 'Relu') || !isOnly(negative, 'Relu')) continue;
    const negation = byName.get(negative.inputs[0]!);
    if (!isOnly(negation, 'Neg') || negation.inputs[0] !== positive.inputs[0]) continue;
    const axis = shapes.valueOf(joined.axis)?.data[0];
    const rank = shapes.shapeOf(node.name)?.length;
    if (axis !== -1 && axis !== (rank ?? 0) - 1) continue;
    sources.set(node.name, positive.inputs[0]!);
    for (const { name } of [positive, negative, negation]) absorbed.add(name);
  }
  return { sources, absorbed };
}
