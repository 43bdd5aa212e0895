/**
 * The pass that turns what a graph computes with channels first (NCHW) into the same with
 * channels last. Where tensors cross from one layout to the other it puts a Transpose; those of
 * the graph that undo each other go.
 */
import {
  anyLayoutRules,
  channelsFirstOrder,
  channelsLastOrder,
  layoutRules,
  type TurnedNode,
  type Turning,
} from './channels-last-rules.ts';
import type { Graph, GraphNode, Shape, Tensor } from './graph.ts';
import { freshName } from './graph-edits.ts';
import { inferShapes, type InferredShapes } from './infer-shapes.ts';
import { constTensor, dataInputs, stringAttr } from './node-attrs.ts';
import { constNode, floatNode, opNode, tensorOf } from './node-builder.ts';
import { formatReference } from './node-reference.ts';
import { hasControlFlow } from './remove-dead-nodes.ts';
import { elementCount, tensorData } from './tensor-storage.ts';
import { nodesByName, topologicalOrder } from './topological-order.ts';
import { elements, isKnown } from './values/known-value.ts';

function isChannelsFirst(node: GraphNode): boolean {
  return layoutRules.has(node.op) && stringAttr(node, 'data_format', 'NHWC').toUpperCase() === 'NCHW';
}

/** The values of a tensor of rank 4 or less, leading ones added, with channels last. */
function turnedTensor(tensor: Tensor): Tensor | undefined {
  const { dtype, data } = tensor;
  if (tensor.shape.length > 4 || typeof data[0] === 'string') return undefined;
  const [n, c, h, w] = [1, 1, 1, 1, ...tensor.shape].slice(-4) as [number, number, number, number];
  const values = tensorData(dtype, { length: elementCount(tensor.shape) });
  let index = 0;
  for (let image = 0; image < n; image++) {
    for (let pixel = 0; pixel < h * w; pixel++) {
      for (let channel = 0; channel < c; channel++) {
        values[index++] = data[(image * c + channel) * h * w + pixel] as number;
      }
    }
  }
  return { dtype, shape: [n, h, w, c], data: values };
}

class ChannelsLast implements Turning {
  readonly nodes: GraphNode[] = [];
  readonly #shapes: InferredShapes;
  readonly #byName: ReadonlyMap<string, GraphNode>;
  readonly #kept: ReadonlySet<string>;
  readonly #names: Set<string>;
  /** By reference of the original graph: the same tensor with channels last. */
  readonly #last = new Map<string, string>();
  /** The same for operands, whose constants may have lost leading ones. */
  readonly #operands = new Map<string, string>();
  /** By reference: the tensor as the original graph has it, where its node was turned. */
  readonly #plain = new Map<string, string>();
  /** Transposes to channels first that nothing has needed yet. */
  readonly #waiting = new Map<string, GraphNode>();
  /** Name of the node that is being turned. */
  #current = '';

  constructor(graph: Graph, outputs: readonly string[]) {
    this.#shapes = inferShapes(graph);
    this.#byName = nodesByName(graph);
    this.#kept = new Set(outputs);
    this.#names = new Set(this.#byName.keys());
  }

  /** @returns false for a channels-first node that cannot be turned. */
  turn(node: GraphNode): boolean {
    this.#current = node.name;
    const inputs = dataInputs(node);
    if (node.op === 'Transpose' && this.#transpose(node, inputs)) return true;
    const first = isChannelsFirst(node);
    const any = inputs.some((input) => this.#last.has(input)) ? anyLayoutRules.get(node.op) : undefined;
    const turned = (first ? layoutRules.get(node.op) : any)?.(node, inputs, this);
    if (turned !== undefined) this.#emit(node, turned);
    else this.#keep(node);
    return turned !== undefined || !first;
  }

  #keep(node: GraphNode): void {
    const inputs = node.inputs.map((input) => (input.startsWith('^') ? input : this.plainOf(input)));
    this.nodes.push({ ...node, inputs });
  }

  #emit(node: GraphNode, turned: TurnedNode): void {
    const { op = node.op, attrs = node.attrs, isLast, outputs = 1 } = turned;
    const controls = node.inputs.filter((input) => input.startsWith('^'));
    const isKept = isLast && this.#kept.has(node.name);
    const name = isKept ? this.#fresh('channels_last') : node.name;
    this.nodes.push({ name, op, inputs: [...turned.inputs, ...controls], attrs });
    for (let index = 0; isLast && index < outputs; index++) {
      this.#last.set(formatReference(node.name, index), formatReference(name, index));
    }
    if (!isKept) return;
    this.nodes.push(this.#transposed(node.name, name, channelsFirstOrder));
    this.#plain.set(node.name, node.name);
  }

  /** True for a Transpose from one layout to the other. */
  #transpose(node: GraphNode, [input, order]: readonly string[]): boolean {
    const permutation = this.ints(order)?.join();
    if (permutation === channelsFirstOrder.join()) {
      const last = this.plainOf(input!);
      this.#last.set(node.name, last);
      this.#waiting.set(node.name, { ...node, inputs: [last, this.plainOf(order!)] });
      if (this.#kept.has(node.name)) this.plainOf(node.name);
      return true;
    }
    const last = this.#last.get(input!);
    if (permutation !== channelsLastOrder.join() || last === undefined) return false;
    this.nodes.push({ ...node, op: 'Identity', inputs: [last] });
    return true;
  }

  lastOf(reference: string): string | undefined {
    const known = this.#last.get(reference);
    if (known !== undefined) return known;
    const constant = constTensor(this.#byName.get(reference));
    if (this.shapeOf(reference)?.length !== 4) return undefined;
    const plain = this.plainOf(reference);
    const turned = constant === undefined ? undefined : turnedTensor(constant);
    const name = this.#fresh('channels_last');
    this.nodes.push(
      turned === undefined ? this.#transposed(name, plain, channelsLastOrder) : constNode(name, turned),
    );
    // From now on the tensor is there in both layouts.
    this.#plain.set(reference, plain);
    this.#last.set(reference, name);
    return name;
  }

  operandOf(reference: string): string | undefined {
    const constant = constTensor(this.#byName.get(reference));
    if (constant === undefined) {
      const shape = this.shapeOf(reference);
      return shape !== null && elementCount(shape) === 1 && shape.length < 4
        ? this.plainOf(reference)
        : this.lastOf(reference);
    }
    if (constant.data.length === 1 && constant.shape.length < 4) return reference;
    const known = this.#operands.get(reference);
    const turned = turnedTensor(constant);
    if (known !== undefined || turned === undefined) return known;
    const start = turned.shape.findIndex((size, axis) => size !== 1 || axis === 3);
    const name = this.#fresh('channels_last');
    this.nodes.push(constNode(name, { ...turned, shape: turned.shape.slice(start) }));
    this.#operands.set(reference, name);
    return name;
  }

  plainOf(reference: string): string {
    const waiting = this.#waiting.get(reference);
    if (waiting !== undefined) {
      this.#waiting.delete(reference);
      this.nodes.push(waiting);
      this.#plain.set(reference, reference);
    }
    const [known, last] = [this.#plain.get(reference), this.#last.get(reference)];
    if (known !== undefined || last === undefined) return known ?? reference;
    const name = this.#fresh('channels_first');
    this.nodes.push(this.#transposed(name, last, channelsFirstOrder));
    this.#plain.set(reference, name);
    return name;
  }

  shapeOf(reference: string): Shape {
    return this.#shapes.shapeOf(reference);
  }

  ints(reference: string | undefined): number[] | undefined {
    const value = reference === undefined ? undefined : this.#shapes.valueOf(reference);
    return isKnown(value) ? elements(value) : undefined;
  }

  constant(label: string, values: readonly number[], shape: readonly number[]): string {
    const name = this.#fresh(label);
    this.nodes.push(constNode(name, tensorOf('int32', values, shape)));
    return name;
  }

  add(label: string, op: string, inputs: readonly string[], attrs: GraphNode['attrs'] = {}): string {
    const name = this.#fresh(label);
    this.nodes.push(opNode(name, op, inputs, attrs));
    return name;
  }

  #transposed(name: string, from: string, order: readonly number[]): GraphNode {
    return floatNode(name, 'Transpose', [from, this.constant('order', order, [4])]);
  }

  /** A new name below that of the node that is being turned. */
  #fresh(label: string): string {
    const name = freshName(this.#names, `${this.#current}/${label}`);
    this.#names.add(name);
    return name;
  }
}

/**
 * Turns the layout of a graph with NCHW nodes or a Transpose to that layout. Inputs and
 * outputs keep their layout under their names. A graph with control flow, or with an NCHW node
 * of unknown rank, is given back as it is.
 *
 * @param outputs names of the nodes that are read.
 */
export function channelsLast(graph: Graph, outputs: readonly string[]): Graph {
  if (!graph.nodes.some((node) => isChannelsFirst(node) || node.op === 'Transpose')) return graph;
  if (hasControlFlow(graph)) return graph;
  const pass = new ChannelsLast(graph, outputs);
  const order = topologicalOrder(graph);
  const enters = (node: GraphNode): boolean =>
    node.op === 'Transpose' && pass.ints(dataInputs(node)[1])?.join() === channelsFirstOrder.join();
  if (!order.some((node) => isChannelsFirst(node) || enters(node))) return graph;
  for (const node of order) if (!pass.turn(node)) return graph;
  return { ...graph, nodes: pass.nodes };
}
