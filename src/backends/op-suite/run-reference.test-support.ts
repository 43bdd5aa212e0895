/** Runs a graph on the plain reference: the third implementation that both backends are compared with. */
import type { Graph } from '../../graph/graph.ts';
import { constTensor, dataInputs } from '../../graph/node-attrs.ts';
import { formatReference, parseReference } from '../../graph/node-reference.ts';
import { topologicalOrder } from '../../graph/topological-order.ts';
import { arrangementOps } from './reference-arrangement.test-support.ts';
import { elementwiseOps } from './reference-elementwise.test-support.ts';
import { ownOps } from './reference-own-ops.test-support.ts';
import { reductionOps } from './reference-reductions.test-support.ts';
import type { PlainOp, PlainTensor } from './reference-tensor.test-support.ts';
import { windowOps } from './reference-windows.test-support.ts';

/** The reference of each op, by TensorFlow's op names and this project's own. */
export const plainOps: Readonly<Record<string, PlainOp>> = {
  ...elementwiseOps,
  ...windowOps,
  ...arrangementOps,
  ...reductionOps,
  ...ownOps,
};

/**
 * The tensor of one output.
 *
 * @param fed values of the placeholders, by node name.
 * @throws Error for an op without a reference.
 */
export function runReference(
  graph: Graph,
  fed: Readonly<Record<string, PlainTensor>>,
  output: string,
): PlainTensor {
  const values = new Map<string, PlainTensor>();
  const valueOf = (reference: string): PlainTensor => {
    const { name, output: index } = parseReference(reference);
    return values.get(formatReference(name, index))!;
  };
  for (const node of topologicalOrder(graph)) {
    const constant = constTensor(node);
    if (fed[node.name] !== undefined) values.set(node.name, fed[node.name]!);
    else if (constant !== undefined) {
      values.set(node.name, { ...constant, data: Array.from(constant.data, Number) });
    } else {
      const op = plainOps[node.op];
      if (op === undefined) throw new Error(`the reference does not know ${node.op}`);
      for (const [index, result] of op(node, dataInputs(node).map(valueOf)).entries()) {
        values.set(formatReference(node.name, index), result);
      }
    }
  }
  return valueOf(output);
}
