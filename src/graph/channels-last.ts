/**
 * The pass that turns a graph whose convolutions are channels-first (NCHW, between a Transpose at its start and one at its
 * end) into the same graph with channels last.
 */
import type { AttrValue, Graph, GraphNode, Tensor } from './graph.ts';
import { inferShapes, type InferredShapes } from './infer-shapes.ts';
import { constNode, dataInputs, intsAttr, stringAttr } from './node-attrs.ts';
import { unaryOps } from './shapes/elementwise-rules.ts';
import { nodesByName, topologicalOrder } from './topological-order.ts';
import { tensorData } from './tensor-storage.ts';
import { elements, isKnown } from './values/known-value.ts';

const layoutOps = new Set(
  (
    'Conv2D _FusedConv2D DepthwiseConv2dNative FusedDepthwiseConv2dNative MaxPool AvgPool BiasAdd ' +
    'FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3 DepthToSpace SpaceToDepth'
  ).split(' '),
);
const sums = new Set(['Add', 'AddV2', 'Sub', 'Mul', 'RealDiv', 'Maximum', 'Minimum']);

/** n, c, h, w in the order n, h, w, c. */
function moved<T>(list: readonly T[]): T[] {
  const [n, c, h, w] = list as readonly [T, T, T, T];
  return [n, h, w, c];
}

class ChannelsLast {
  readonly #shapes: InferredShapes;
  readonly #byName: ReadonlyMap<string, GraphNode>;
  /** Tensors that were channels-first. */
  readonly #turned = new Set<string>();
  readonly nodes: GraphNode[] = [];

  constructor(graph: Graph) {
    this.#shapes = inferShapes(graph);
    this.#byName = nodesByName(graph);
  }

  /** False where a node of a channels-first tensor cannot be turned. */
  turn(node: GraphNode): boolean {
    const inputs = dataInputs(node);
    const turned = inputs.filter((input) => this.#turned.has(input));
    if (turned.length === 0) return this.#enter(node, inputs);
    this.#turned.add(node.name);
    if (unaryOps.has(node.op) && node.op !== 'Softmax' && node.op !== 'LogSoftmax') return this.#keep(node);
    if (layoutOps.has(node.op) && turned.length === 1) return this.#layout(node);
    if (sums.has(node.op)) return this.#sum(node, inputs);
    if (node.op === 'ConcatV2') return this.#concat(node, inputs, turned.length);
    if (node.op === 'Pad' || node.op === 'MirrorPad') return this.#pad(node, inputs);
    return node.op === 'Transpose' && this.#leave(node, inputs);
  }

  #keep(node: GraphNode): boolean {
    this.nodes.push(node);
    return true;
  }

  #ints(reference: string | undefined): number[] | undefined {
    const value = reference === undefined ? undefined : this.#shapes.valueOf(reference);
    return isKnown(value) ? elements(value) : undefined;
  }

  #constant(name: string, values: readonly number[], shape: readonly number[]): string {
    const tensor: Tensor = { dtype: 'int32', shape, data: tensorData('int32', values) };
    this.nodes.push(constNode(name, tensor));
    return name;
  }

  #enter(node: GraphNode, inputs: readonly string[]): boolean {
    if (stringAttr(node, 'data_format', 'NHWC') === 'NCHW') return false;
    if (node.op !== 'Transpose' || this.#ints(inputs[1])?.join() !== '0,3,1,2') return this.#keep(node);
    this.#turned.add(node.name);
    return this.#keep({ ...node, op: 'Identity', inputs: [inputs[0]!] });
  }

  #leave(node: GraphNode, inputs: readonly string[]): boolean {
    this.#turned.delete(node.name);
    if (this.#ints(inputs[1])?.join() !== '0,2,3,1') return false;
    return this.#keep({ ...node, op: 'Identity', inputs: [inputs[0]!] });
  }

  #layout(node: GraphNode): boolean {
    if (stringAttr(node, 'data_format', 'NHWC') !== 'NCHW') return false;
    const attrs: Record<string, AttrValue> = { ...node.attrs, data_format: { s: 'NHWC' } };
    for (const name of ['strides', 'dilations', 'ksize']) {
      const list = intsAttr(node, name);
      if (list.length === 4) attrs[name] = { list: { i: moved(list) } };
    }
    const pads = intsAttr(node, 'explicit_paddings');
    if (pads.length === 8) {
      const pairs = moved([0, 2, 4, 6].map((at) => pads.slice(at, at + 2)));
      attrs['explicit_paddings'] = { list: { i: pairs.flat() } };
    }
    return this.#keep({ ...node, attrs });
  }

  /** The other operand is channels-first too, or a constant of one number or one a channel. */
  #sum(node: GraphNode, inputs: readonly string[]): boolean {
    const operands = inputs.map((input, index) => {
      if (this.#turned.has(input)) return this.#shapes.shapeOf(input)?.length === 4 ? input : undefined;
      const value = this.#shapes.valueOf(input);
      const constant = this.#byName.get(input)?.attrs['value'];
      if (value === undefined || constant === undefined || !('tensor' in constant)) return undefined;
      const { shape } = value;
      if (value.data.length === 1 && shape.length <= 4) return input;
      const [c = 1, h = 1, w = 1] = shape.slice(-3);
      if (shape.length < 3 || shape.length > 4 || h !== 1 || w !== 1 || c !== value.data.length)
        return undefined;
      const name = `${node.name}/channels_last${index}`;
      this.nodes.push(constNode(name, { ...constant.tensor, shape: [c] }));
      return name;
    });
    if (operands.includes(undefined)) return false;
    return this.#keep({ ...node, inputs: operands as string[] });
  }

  #concat(node: GraphNode, inputs: readonly string[], turned: number): boolean {
    const axis = this.#ints(inputs.at(-1))?.[0];
    if (axis === undefined || turned !== inputs.length - 1) return false;
    const place = [0, 3, 1, 2][axis < 0 ? axis + 4 : axis]!;
    const name = this.#constant(`${node.name}/channels_last`, [place], []);
    return this.#keep({ ...node, inputs: [...inputs.slice(0, -1), name] });
  }

  #pad(node: GraphNode, inputs: readonly string[]): boolean {
    const pads = this.#ints(inputs[1]);
    if (pads?.length !== 8) return false;
    const pairs = moved([0, 2, 4, 6].map((at) => pads.slice(at, at + 2)));
    const name = this.#constant(`${node.name}/channels_last`, pairs.flat(), [4, 2]);
    return this.#keep({ ...node, inputs: [inputs[0]!, name] });
  }

  /** True for a tensor that is channels-first in the original graph. */
  isTurned(name: string): boolean {
    return this.#turned.has(name);
  }
}

/**
 * Turns the layout of a graph with NCHW nodes. A graph in which that is not possible throughout is given back as it is.
 *
 * @param outputs names of nodes whose layout must stay.
 */
export function channelsLast(graph: Graph, outputs: readonly string[]): Graph {
  if (!graph.nodes.some((node) => stringAttr(node, 'data_format', 'NHWC') === 'NCHW')) return graph;
  const pass = new ChannelsLast(graph);
  for (const node of topologicalOrder(graph)) {
    if (!pass.turn(node)) return graph;
  }
  if (outputs.some((name) => pass.isTurned(name))) return graph;
  return { ...graph, nodes: pass.nodes };
}
