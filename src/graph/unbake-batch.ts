/** Rewrites of nodes in which the exporter wrote down a batch of one image. */
import type { Graph, GraphNode, Tensor } from './graph.ts';
import { freshName, replaceNodes } from './graph-edits.ts';
import type { InferredShapes } from './infer-shapes.ts';
import { constTensor, dataInputs, intAttr } from './node-attrs.ts';
import { constNode, intType, opNode, tensorOf, type ShortAttrs } from './node-builder.ts';
import { nodesByName } from './topological-order.ts';
import { elements } from './values/known-value.ts';

function intVector(values: readonly number[]): Tensor {
  return { dtype: 'int32', shape: [values.length], data: Int32Array.from(values) };
}

/** Adds nodes under names that are free. */
class Additions {
  readonly nodes = new Map<string, GraphNode>();
  readonly #names: Set<string>;
  readonly #prefix: string;

  constructor(graph: Graph, prefix: string) {
    this.#names = new Set(graph.nodes.map((node) => node.name));
    this.#prefix = prefix;
  }

  constant(label: string, values: readonly number[]): string {
    const name = this.#name(label);
    this.nodes.set(name, constNode(name, intVector(values)));
    return name;
  }

  add(label: string, op: string, inputs: readonly string[], attrs: ShortAttrs): string {
    const name = this.#name(label);
    this.nodes.set(name, opNode(name, op, inputs, { ...intType, ...attrs }));
    return name;
  }

  #name(label: string): string {
    const name = freshName(this.#names, `${this.#prefix}/batch/${label}`);
    this.#names.add(name);
    return name;
  }
}

/** A shape whose first entry is the batch of `carrier` and whose rest is that of `shape`. */
function batchShape(additions: Additions, carrier: string, shape: string): string {
  const [zero, one, large] = [
    additions.constant('begin', [0]),
    additions.constant('one', [1]),
    additions.constant('end', [0]),
  ];
  const slice = (open: boolean): ShortAttrs => ({
    Index: { type: 'int32' },
    begin_mask: 0,
    end_mask: open ? 1 : 0,
    ellipsis_mask: 0,
    new_axis_mask: 0,
    shrink_axis_mask: 0,
  });
  const size = additions.add('Shape', 'Shape', [carrier], {
    T: { type: 'float32' },
    out_type: { type: 'int32' },
  });
  const batch = additions.add('n', 'StridedSlice', [size, zero, one, one], slice(false));
  const rest = additions.add('rest', 'StridedSlice', [shape, one, large, one], slice(true));
  const axis = additions.constant('axis', [0]);
  additions.nodes.set(axis, constNode(axis, tensorOf('int32', 0)));
  return additions.add('shape', 'ConcatV2', [batch, rest, axis], { N: 2, Tidx: { type: 'int32' } });
}

/** Reshape to [1, …]: the first size is computed from the others, or taken from the input. */
function unbakeReshape(graph: Graph, node: GraphNode, one: InferredShapes): Graph | undefined {
  const [carrier, target] = dataInputs(node) as [string, string];
  const value = one.valueOf(target);
  if (value?.data[0] !== 1) return undefined;
  const additions = new Additions(graph, node.name);
  const sizes = elements(value);
  const tensor = constTensor(nodesByName(graph).get(target));
  let shape: string;
  if (tensor !== undefined && !sizes.includes(-1)) shape = additions.constant('shape', sizes.with(0, -1));
  else if (one.shapeOf(carrier)?.[0] === 1) shape = batchShape(additions, carrier, target);
  else return undefined;
  return replaceNodes(
    graph,
    new Map([...additions.nodes, [node.name, { ...node, inputs: [carrier, shape] }]]),
  );
}

function unbakeTransposedConvolution(graph: Graph, node: GraphNode, one: InferredShapes): Graph | undefined {
  const [target, filter, carrier] = dataInputs(node) as [string, string, string];
  if (one.valueOf(target)?.data[0] !== 1 || one.shapeOf(carrier)?.[0] !== 1) return undefined;
  const additions = new Additions(graph, node.name);
  const shape = batchShape(additions, carrier, target);
  return replaceNodes(
    graph,
    new Map([...additions.nodes, [node.name, { ...node, inputs: [shape, filter, carrier] }]]),
  );
}

/** Slice of 1 image: takes all of them. */
function unbakeSlice(graph: Graph, node: GraphNode, one: InferredShapes): Graph | undefined {
  const [carrier, begin, size] = dataInputs(node) as [string, string, string];
  const tensor = constTensor(nodesByName(graph).get(size));
  if (tensor?.data[0] !== 1 || one.valueOf(begin)?.data[0] !== 0 || one.shapeOf(carrier)?.[0] !== 1)
    return undefined;
  const additions = new Additions(graph, node.name);
  const all = additions.constant('size', Array.from(tensor.data, Number).with(0, -1));
  return replaceNodes(
    graph,
    new Map([...additions.nodes, [node.name, { ...node, inputs: [carrier, begin, all] }]]),
  );
}

/** StridedSlice from 0 to 1 over the batch: the end is opened. */
function unbakeStridedSlice(graph: Graph, node: GraphNode, one: InferredShapes): Graph | undefined {
  const [carrier, begin, end] = dataInputs(node) as [string, string, string];
  const masks = ['ellipsis_mask', 'new_axis_mask', 'shrink_axis_mask', 'end_mask'];
  if (masks.some((mask) => (intAttr(node, mask, 0) & 1) === 1)) return undefined;
  const startsAtZero = (intAttr(node, 'begin_mask', 0) & 1) === 1 || one.valueOf(begin)?.data[0] === 0;
  if (!startsAtZero || one.valueOf(end)?.data[0] !== 1 || one.shapeOf(carrier)?.[0] !== 1) return undefined;
  const attrs = { ...node.attrs, end_mask: { i: intAttr(node, 'end_mask', 0) | 1 } };
  return replaceNodes(graph, new Map([[node.name, { ...node, attrs }]]));
}

/**
 * Rewrites a node that holds on to a batch of one so that it follows the batch.
 *
 * @param one shapes for a batch of one image.
 * @returns undefined where that cannot be done.
 */
export function unbakeBatch(graph: Graph, node: GraphNode, one: InferredShapes): Graph | undefined {
  switch (node.op) {
    case 'Reshape':
      return unbakeReshape(graph, node, one);
    case 'Conv2DBackpropInput':
      return unbakeTransposedConvolution(graph, node, one);
    case 'Slice':
      return unbakeSlice(graph, node, one);
    case 'StridedSlice':
      return unbakeStridedSlice(graph, node, one);
    default:
      return undefined;
  }
}
