/** The node that frames are fed into, as a placeholder of a given shape. */
import type { Graph, Shape } from './graph.ts';
import { replaceNodes } from './graph-edits.ts';
import { inferShapes } from './infer-shapes.ts';
import { nodeError, typeAttr } from './node-attrs.ts';
import { placeholderNode } from './node-builder.ts';
import { formatShape } from './tensor-storage.ts';

/** True for the ops whose value is fed. */
export function isPlaceholderOp(op: string): boolean {
  return op === 'Placeholder' || op === 'PlaceholderV2' || op === 'PlaceholderWithDefault';
}

/** The shape that the graph gives its input; null where the rank is unknown. */
export function inputShape(graph: Graph, input: string): Shape {
  return inferShapes(graph).shapeOf(input);
}

/**
 * Makes the input a Placeholder without producers: TensorFlow feeds any node, whatever computes it.
 */
export function cutAtInput(graph: Graph, input: string): Graph {
  const node = graph.nodes.find((candidate) => candidate.name === input);
  if (node === undefined || node.op === 'Placeholder') return graph;
  const type = typeAttr(node, 'dtype') ?? typeAttr(node, 'DstT') ?? typeAttr(node, 'T') ?? 'float32';
  const fed = placeholderNode(input, inputShape(graph, input), type);
  return replaceNodes(graph, new Map([[input, fed]]));
}

/**
 * The graph with another shape of its input; `_output_shapes`, which would contradict it, are dropped.
 *
 * @throws DnnError `EINVAL` where a known size of the input would become another
 * known size, except for the batch.
 */
export function withInputShape(graph: Graph, input: string, shape: readonly number[]): Graph {
  const own = inputShape(graph, input);
  if (
    own !== null &&
    (own.length !== shape.length || own.some((size, axis) => clash(size, shape[axis]!, axis)))
  ) {
    const node = graph.nodes.find((candidate) => candidate.name === input)!;
    throw nodeError(node, `takes ${formatShape(own)}, but it would be fed with ${formatShape(shape)}`);
  }
  return {
    ...graph,
    nodes: graph.nodes.map((node) => {
      if (node.name === input) return { ...node, attrs: { ...node.attrs, shape: { shape } } };
      if (!Object.hasOwn(node.attrs, '_output_shapes')) return node;
      const attrs = Object.entries(node.attrs).filter(([name]) => name !== '_output_shapes');
      return { ...node, attrs: Object.fromEntries(attrs) };
    }),
  };
}

function clash(own: number, given: number, axis: number): boolean {
  return axis > 0 && own >= 0 && given !== own;
}

/** The graph with height and width of its input left open, whatever sizes the model has for them. */
export function withOpenSize(graph: Graph, input: string): Graph {
  const shape = inputShape(graph, input);
  const node = graph.nodes.find((candidate) => candidate.name === input);
  if (shape?.length !== 4 || node === undefined || !isPlaceholderOp(node.op)) return graph;
  const open = [shape[0]!, -1, -1, shape[3]!];
  const attrs = { ...node.attrs, shape: { shape: open } };
  return replaceNodes(graph, new Map([[input, { ...node, attrs }]]));
}
