/** The pass that replaces what can be computed before the graph runs by constants. */
import type { Graph, GraphNode } from './graph.ts';
import { freshName, moveReferences, replaceNodes, withNodes } from './graph-edits.ts';
import type { InferredShapes } from './infer-shapes.ts';
import { inferShapes } from './infer-shapes.ts';
import { isPlaceholderOp } from './input-node.ts';
import { dataInputs } from './node-attrs.ts';
import { constNode } from './node-builder.ts';
import { formatReference } from './node-reference.ts';
import { hasControlFlow } from './remove-dead-nodes.ts';
import { isKnown, tensorOfValue } from './values/known-value.ts';

/** Values above this are never computed (64 MiB of floats). */
const valueLimit = 2 ** 24;

/**
 * A constant may be larger than what it is computed from only up to this many elements (Fill, Tile, Range).
 */
const growthLimit = 4096;

/** True where the constant is worth its memory. */
function isWorthIt(node: GraphNode, inferred: InferredShapes, length: number): boolean {
  if (length <= growthLimit) return true;
  return (
    length <= dataInputs(node).reduce((sum, input) => sum + (inferred.valueOf(input)?.data.length ?? 0), 0)
  );
}

/**
 * Folds constants: ops on Const nodes, and what follows from the sizes that the placeholders' shapes give
 * (Shape, StridedSlice, Pack, int arithmetic). What depends on an unknown size stays.
 *
 * @param kept names of the graph's inputs and outputs, which keep their nodes.
 * @throws DnnError `EINVAL` where the graph contradicts itself.
 */
export function foldConstants(graph: Graph, kept: ReadonlySet<string>): Graph {
  // In a loop a value may differ from one turn to the next.
  if (hasControlFlow(graph)) return graph;
  const inferred = inferShapes(graph, {}, { valueLimit });
  const names = new Set(graph.nodes.map((node) => node.name));
  const constants = new Map<string, GraphNode>();
  const moves = new Map<string, string>();
  for (const node of graph.nodes) {
    if (node.op === 'Const' || isPlaceholderOp(node.op) || kept.has(node.name)) continue;
    const outputs = outputCount(node, inferred);
    for (let output = 0; output < outputs; output++) {
      const reference = formatReference(node.name, output);
      const value = inferred.valueOf(reference);
      if (!isKnown(value) || !isWorthIt(node, inferred, value.data.length)) continue;
      if (outputs === 1) {
        constants.set(node.name, constNode(node.name, tensorOfValue(value)));
      } else {
        const name = freshName(names, `${node.name}/folded${output}`);
        names.add(name);
        constants.set(name, constNode(name, tensorOfValue(value)));
        moves.set(reference, name);
      }
    }
  }
  const folded = replaceNodes(graph, constants);
  return moves.size === 0 ? folded : withNodes(folded, moveReferences(folded.nodes, moves));
}

function outputCount(node: GraphNode, inferred: InferredShapes): number {
  let count = 0;
  while (inferred.valueOf(formatReference(node.name, count)) !== undefined) count++;
  const splits = ['Split', 'SplitV', 'Unpack', 'ShapeN'].includes(node.op);
  // A node that only looks single because its second output is not known must not be replaced as a whole.
  return splits ? Math.max(count, 2) : count;
}
