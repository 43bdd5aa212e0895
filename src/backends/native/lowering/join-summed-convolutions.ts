/**
 * The pass that makes one convolution over joined inputs of a sum of convolutions: conv(a) + conv(b) is
 * conv(a and b side by side). A sum keeps every intermediate image alive and adds it in a pass of its own,
 * and few input channels leave the inner loops too short.
 */
import type { Graph, GraphNode, Tensor } from '../../../graph/graph.ts';
import { consumersByName, freshName, replaceNodes } from '../../../graph/graph-edits.ts';
import type { InferredShapes } from '../../../graph/infer-shapes.ts';
import { constTensor, dataInputs, intsAttr, stringAttr, stringsAttr } from '../../../graph/node-attrs.ts';
import { constNode, opNode, tensorOf } from '../../../graph/node-builder.ts';
import { isFullyKnown } from '../../../graph/tensor-storage.ts';
import { nodesByName, topologicalOrder } from '../../../graph/topological-order.ts';

/** One convolution of a sum. */
interface Term {
  readonly input: string;
  readonly weights: Tensor;
}

/** A convolution, or convolutions of one geometry that are added up. */
interface Sum {
  readonly terms: readonly Term[];
  /** Adds up the biases; undefined where there is none. */
  readonly bias: Float32Array | undefined;
  /** Of the first convolution: window and layout. */
  readonly attrs: GraphNode['attrs'];
  /** Equal for convolutions that can be joined. */
  readonly geometry: string;
}

/** A convolution with at most a bias, as a sum of one. */
function convolutionOf(
  node: GraphNode,
  byName: ReadonlyMap<string, GraphNode>,
  shapes: InferredShapes,
): Sum | undefined {
  const fused = stringsAttr(node, 'fused_ops');
  const biased = node.op === '_FusedConv2D' && fused.length === 1 && fused[0] === 'BiasAdd';
  if (node.op !== 'Conv2D' && !biased) return undefined;
  const [input, filter, addend] = dataInputs(node);
  const weights = constTensor(byName.get(filter!));
  const bias = biased ? constTensor(byName.get(addend!))?.data : undefined;
  const shape = shapes.shapeOf(input!);
  if (weights?.shape.length !== 4 || !(weights.data instanceof Float32Array) || !isFullyKnown(shape))
    return undefined;
  if (biased && !(bias instanceof Float32Array)) return undefined;
  // A group of channels has weights of its own.
  if (
    shape.length !== 4 ||
    shape[3] !== weights.shape[2] ||
    stringAttr(node, 'data_format', 'NHWC') !== 'NHWC'
  ) {
    return undefined;
  }
  const window = ['strides', 'dilations', 'explicit_paddings'].map((name) => intsAttr(node, name));
  const sizes = [shape.slice(0, 3), weights.shape[0], weights.shape[1], weights.shape[3]];
  return {
    terms: [{ input: input!, weights }],
    bias: bias instanceof Float32Array ? bias : undefined,
    attrs: node.attrs,
    geometry: JSON.stringify([window, stringAttr(node, 'padding', 'VALID'), sizes]),
  };
}

/** Joining copies every input, a sum reads and writes every output once more. */
function isWorthIt({ terms }: Sum): boolean {
  return terms.every(({ weights: { shape } }) => shape[2]! <= shape[3]!);
}

function added(one: Float32Array | undefined, other: Float32Array | undefined): Float32Array | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one.map((value, index) => value + other[index]!);
}

/** `[rows][columns][all inputs][outputs]` */
function joinedWeights(terms: readonly Term[]): Tensor {
  const [rows, columns, , outputs] = terms[0]!.weights.shape as [number, number, number, number];
  const inputs = terms.reduce((sum, { weights }) => sum + weights.shape[2]!, 0);
  const data = new Float32Array(rows * columns * inputs * outputs);
  let first = 0;
  for (const { weights } of terms) {
    const own = weights.shape[2]! * outputs;
    for (let tap = 0; tap < rows * columns; tap++) {
      const values = (weights.data as Float32Array).subarray(tap * own, (tap + 1) * own);
      data.set(values, (tap * inputs + first) * outputs);
    }
    first += weights.shape[2]!;
  }
  return { dtype: 'float32', shape: [rows, columns, inputs, outputs], data };
}

/** The joined convolution under the name of the last addition, with its inputs. */
function nodesOf(name: string, { terms, bias, attrs }: Sum, taken: ReadonlySet<string>): GraphNode[] {
  const own = (what: string): string => freshName(taken, `${name}/${what}`);
  const [axis, inputs, weights] = [own('axis'), own('inputs'), own('weights')];
  const nodes: GraphNode[] = [
    constNode(axis, tensorOf('int32', 3)),
    opNode(inputs, 'ConcatV2', [...terms.map(({ input }) => input), axis], { N: terms.length }),
    constNode(weights, joinedWeights(terms)),
  ];
  const window = { ...attrs };
  delete window['fused_ops'];
  delete window['num_args'];
  if (bias === undefined) {
    nodes.push(opNode(name, 'Conv2D', [inputs, weights], window));
    return nodes;
  }
  const addend = own('bias');
  const fused = { ...window, fused_ops: ['BiasAdd'], num_args: 1 };
  nodes.push(
    constNode(addend, { dtype: 'float32', shape: [bias.length], data: bias }),
    opNode(name, '_FusedConv2D', [inputs, weights, addend], fused),
  );
  return nodes;
}

/**
 * Joins convolutions of the same window and output size that nothing but the sum reads.
 * The results differ by rounding.
 *
 * @param kept names whose values are asked for
 * @param shapes of the graph for one frame size
 */
export function joinSummedConvolutions(
  graph: Graph,
  kept: ReadonlySet<string>,
  shapes: InferredShapes,
): Graph {
  const byName = nodesByName(graph);
  const consumers = consumersByName(graph);
  const sums = new Map<string, Sum>();
  const joined = new Map<string, readonly string[]>();
  const sumOf = (reference: string): Sum | undefined => {
    if (kept.has(reference) || consumers.get(reference)?.length !== 1) return undefined;
    const node = byName.get(reference);
    return sums.get(reference) ?? (node === undefined ? undefined : convolutionOf(node, byName, shapes));
  };
  for (const { name, op, inputs } of topologicalOrder(graph)) {
    if ((op !== 'Add' && op !== 'AddV2') || inputs.length !== 2 || inputs[0] === inputs[1]) continue;
    const [one, other] = [sumOf(inputs[0]!), sumOf(inputs[1]!)];
    if (one === undefined || other?.geometry !== one.geometry || !isWorthIt(one) || !isWorthIt(other))
      continue;
    sums.set(name, { ...one, terms: [...one.terms, ...other.terms], bias: added(one.bias, other.bias) });
    joined.set(name, inputs);
  }
  const replacements = new Map<string, GraphNode | null>();
  for (const inputs of joined.values()) for (const input of inputs) replacements.set(input, null);
  const taken = new Set(byName.keys());
  for (const [name, sum] of sums) {
    if (replacements.has(name)) continue;
    for (const node of nodesOf(name, sum, taken)) replacements.set(node.name, node);
  }
  return replaceNodes(graph, replacements);
}
