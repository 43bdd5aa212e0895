/** The shape of an input that the file does not tell, from what the network does with it. */
import type { Graph, GraphNode, Shape } from '../graph/graph.ts';
import { consumersByName, replaceNodes } from '../graph/graph-edits.ts';
import { inputShape, isPlaceholderOp } from '../graph/input-node.ts';
import { constTensor, stringAttr } from '../graph/node-attrs.ts';
import { parseReference } from '../graph/node-reference.ts';
import { nodesByName } from '../graph/topological-order.ts';

/** Convolutions, and the dimension of their weights that counts the input's channels. */
const channelAxis: ReadonlyMap<string, number> = new Map([
  ['Conv2D', 2],
  ['DepthwiseConv2dNative', 2],
]);

/** Ops whose result has the rank and the channels of their first input. */
const keeping = new Set(
  'Identity Cast Pad PadV2 MirrorPad Sub Add AddV2 Mul Div RealDiv Maximum Minimum StopGradient'.split(' '),
);

/**
 * Where not even the rank of the input is known, the first convolution behind it tells rank and channels:
 * batch, rows and columns are open.
 *
 * @param input name of a node.
 * @returns the graph as it was where its shape is known, or no convolution tells it.
 */
export function withImpliedShape(graph: Graph, input: string): Graph {
  const byName = nodesByName(graph);
  const node = byName.get(input);
  if (node === undefined || !isPlaceholderOp(node.op) || inputShape(graph, input) !== null) return graph;
  const shape = shapeByConvolution(graph, byName, input);
  if (shape === null) return graph;
  return replaceNodes(graph, new Map([[input, { ...node, attrs: { ...node.attrs, shape: { shape } } }]]));
}

function shapeByConvolution(graph: Graph, byName: ReadonlyMap<string, GraphNode>, input: string): Shape {
  const consumers = consumersByName(graph);
  const pending = [input];
  const seen = new Set<string>();
  for (let name = pending.shift(); name !== undefined; name = pending.shift()) {
    if (seen.has(name)) continue;
    seen.add(name);
    for (const node of consumers.get(name) ?? []) {
      if (parseReference(node.inputs[0]!).name !== name) continue;
      const axis = channelAxis.get(node.op);
      const channels = axis === undefined ? undefined : constantAbove(node.inputs[1], byName)?.shape[axis];
      if (channels !== undefined)
        return stringAttr(node, 'data_format', 'NHWC') === 'NCHW'
          ? [-1, channels, -1, -1]
          : [-1, -1, -1, channels];
      if (keeping.has(node.op)) pending.push(node.name);
    }
  }
  return null;
}

/** The constant behind nodes that only hand it on. */
function constantAbove(reference: string | undefined, byName: ReadonlyMap<string, GraphNode>) {
  let node = reference === undefined ? undefined : byName.get(parseReference(reference).name);
  while (node?.op === 'Identity') node = byName.get(parseReference(node.inputs[0]!).name);
  return constTensor(node);
}
