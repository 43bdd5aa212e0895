/** The pass that recognises LeakyRelu written as Maximum(x, alpha · x). */
import type { Graph, GraphNode } from './graph.ts';
import { replaceNodes } from './graph-edits.ts';
import { constTensor, dataInputs, typeAttr } from './node-attrs.ts';
import { opNode } from './node-builder.ts';
import { parseReference } from './node-reference.ts';
import { nodesByName } from './topological-order.ts';

/** Alpha where `mul` is a product of `x` and a scalar constant from 0 to 1, in either order. */
function alphaOf(
  mul: GraphNode | undefined,
  x: string,
  byName: ReadonlyMap<string, GraphNode>,
): number | undefined {
  if (mul?.op !== 'Mul') return undefined;
  const [one, other] = mul.inputs as [string, string];
  const factor = one === x ? other : other === x ? one : undefined;
  const tensor = factor === undefined ? undefined : constTensor(byName.get(factor));
  if (tensor?.shape.length !== 0 || tensor.dtype !== 'float32') return undefined;
  const alpha = Number(tensor.data[0]);
  // Above 1 the maximum is another function; below 0 it keeps a zero, of which LeakyRelu makes -0.
  return alpha >= 0 && alpha <= 1 ? alpha : undefined;
}

/** Replaces Maximum(x, Mul(x, alpha)), operands in any order, by LeakyRelu(x). */
export function fuseLeakyRelu(graph: Graph): Graph {
  const byName = nodesByName(graph);
  const replacements = new Map<string, GraphNode>();
  for (const node of graph.nodes) {
    const inputs = dataInputs(node);
    if (node.op !== 'Maximum' || inputs.length !== 2 || node.inputs.length !== 2) continue;
    for (const [x, product] of [inputs, inputs.toReversed()] as [string, string][]) {
      const { name, output } = parseReference(product);
      const alpha = output === 0 ? alphaOf(byName.get(name), x, byName) : undefined;
      if (alpha === undefined) continue;
      const type = typeAttr(node, 'T') ?? 'float32';
      replacements.set(node.name, opNode(node.name, 'LeakyRelu', [x], { T: { type }, alpha: { f: alpha } }));
      break;
    }
  }
  return replaceNodes(graph, replacements);
}
