/**
 * The pass that takes batch normalisation, and what converters write for it (products and sums with one
 * number a channel), into the weights and the bias of the convolution before it; as
 * tensorflow/tools/graph_transforms/fold_batch_norms.cc.
 */
import type { Graph, GraphNode, Tensor } from './graph.ts';
import { consumersByName, freshName, onlyConsumer, replaceNodes } from './graph-edits.ts';
import { boolAttr, constTensor, dataInputs, floatAttr, stringAttr, typeAttr } from './node-attrs.ts';
import { constNode, floatNode } from './node-builder.ts';
import { parseReference } from './node-reference.ts';
import { elementCount } from './tensor-storage.ts';
import { nodesByName } from './topological-order.ts';

const convolutions = new Set(['Conv2D', 'DepthwiseConv2dNative']);
const batchNorms = new Set(['FusedBatchNorm', 'FusedBatchNormV2', 'FusedBatchNormV3']);

/** What a chain of nodes makes of a channel's sum: `scale · sum + shift`, in double precision. */
interface Affine {
  readonly scale: readonly number[];
  readonly shift: readonly number[];
}

interface Surroundings {
  readonly byName: ReadonlyMap<string, GraphNode>;
  readonly consumers: ReadonlyMap<string, readonly GraphNode[]>;
  readonly kept: ReadonlySet<string>;
}

/** A constant with one number a channel along the axis of the channels, or one number for all. */
function channelNumbers(tensor: Tensor | undefined, channels: number, isLast: boolean): number[] | undefined {
  if (!(tensor?.data instanceof Float32Array) || tensor.shape.length > 4) return undefined;
  const count = elementCount(tensor.shape);
  if (count === 1) return new Array<number>(channels).fill(tensor.data[0]!);
  const axis = isLast ? -1 : -3;
  return count === channels && tensor.shape.at(axis) === channels ? Array.from(tensor.data) : undefined;
}

/** The node as a function of the channel's value that comes in; undefined where it is none. */
function affineOf(
  node: GraphNode,
  input: string,
  channels: number,
  format: string,
  byName: Surroundings['byName'],
): Affine | undefined {
  const inputs = dataInputs(node);
  const isFirst = inputs[0] === input;
  const isLast = format === 'NHWC';
  const sameFormat = stringAttr(node, 'data_format', 'NHWC') === format;
  const constant = (index: number, last = isLast): number[] | undefined =>
    channelNumbers(constTensor(byName.get(inputs[index] ?? '')), channels, last);
  if (batchNorms.has(node.op)) {
    if (!isFirst || !sameFormat || boolAttr(node, 'is_training', true)) return undefined;
    const [gamma, beta, mean, variance] = [1, 2, 3, 4].map((index) => constant(index, true));
    if (gamma === undefined || beta === undefined || mean === undefined || variance === undefined) {
      return undefined;
    }
    const epsilon = floatAttr(node, 'epsilon', 1e-4);
    const scale = gamma.map((value, c) => value / Math.sqrt(variance[c]! + epsilon));
    return { scale, shift: beta.map((value, c) => value - mean[c]! * scale[c]!) };
  }
  if (inputs.length !== 2) return undefined;
  const isBias = node.op === 'BiasAdd';
  if (isBias && !(isFirst && sameFormat)) return undefined;
  const numbers = constant(isFirst ? 1 : 0, isBias || isLast);
  if (numbers === undefined) return undefined;
  const same = (value: number): number[] => new Array<number>(channels).fill(value);
  switch (node.op) {
    case 'BiasAdd':
    case 'Add':
    case 'AddV2':
      return { scale: same(1), shift: numbers };
    case 'Sub':
      return isFirst
        ? { scale: same(1), shift: numbers.map((value) => -value) }
        : { scale: same(-1), shift: numbers };
    case 'Mul':
      return { scale: numbers, shift: same(0) };
    case 'RealDiv':
      return isFirst ? { scale: numbers.map((value) => 1 / value), shift: same(0) } : undefined;
    default:
      return undefined;
  }
}

/** A chain that starts at a convolution. */
interface Chain {
  readonly absorbed: readonly string[];
  readonly last: GraphNode;
  readonly whole: Affine;
}

/**
 * The longest chain behind a convolution that ends with something to fold; undefined where there is nothing.
 */
function findChain(convolution: GraphNode, channels: number, around: Surroundings): Chain | undefined {
  const format = stringAttr(convolution, 'data_format', 'NHWC');
  const names = [convolution.name];
  let whole: Affine = {
    scale: new Array<number>(channels).fill(1),
    shift: new Array<number>(channels).fill(0),
  };
  let chain: Chain | undefined;
  let last = convolution;
  let sums = 0;
  for (;;) {
    const next = onlyConsumer(last, around.consumers, around.kept);
    const step = next && affineOf(next, last.name, channels, format, around.byName);
    if (next === undefined || step === undefined || readsOtherOutputs(next, around)) return chain;
    whole = {
      scale: whole.scale.map((value, c) => value * step.scale[c]!),
      shift: whole.shift.map((value, c) => value * step.scale[c]! + step.shift[c]!),
    };
    last = next;
    const isSum = step.scale.every((value) => value === 1);
    sums += 1;
    // A single sum is a bias as it is.
    if (!isSum || sums > 1) chain = { absorbed: names.slice(1), last, whole };
    names.push(last.name);
  }
}

/** True where something reads the mean or the variance that a batch normalisation gives too. */
function readsOtherOutputs({ name }: GraphNode, { consumers }: Surroundings): boolean {
  const references = (consumers.get(name) ?? []).flatMap(({ inputs }) => inputs.map(parseReference));
  return references.some((reference) => reference.name === name && reference.output > 0);
}

/** Output channels are the last axis of the weights, of a depthwise convolution the last two. */
function scaledWeights({ shape, data, dtype }: Tensor, scale: readonly number[]): Tensor {
  const scaled = Float32Array.from(
    data as Float32Array,
    (value, index) => value * scale[index % scale.length]!,
  );
  return { dtype, shape, data: scaled };
}

/** A graph and how many chains were folded. */
export interface FoldedBatchNorm {
  readonly graph: Graph;
  readonly folded: number;
}

/**
 * Folds batch normalisation in inference mode, and Mul, RealDiv, Add and Sub with constants of one number a
 * channel, into a Conv2D or DepthwiseConv2dNative with constant weights whose output nothing else reads. What
 * is left is the convolution and one BiasAdd of the last node's name. New weights are computed in double and
 * rounded once, so that results differ from the graph's own by rounding only.
 *
 * @param kept names of the graph's inputs and outputs.
 */
export function foldBatchNorm(graph: Graph, kept: ReadonlySet<string>): FoldedBatchNorm {
  const around: Surroundings = { byName: nodesByName(graph), consumers: consumersByName(graph), kept };
  const names = new Set(graph.nodes.map((node) => node.name));
  const replacements = new Map<string, GraphNode | null>();
  let folded = 0;
  for (const node of graph.nodes) {
    const weights = constTensor(around.byName.get(node.inputs[1] ?? ''));
    if (!convolutions.has(node.op) || node.inputs.length !== 2 || weights?.shape.length !== 4) continue;
    if (!(weights.data instanceof Float32Array) || (typeAttr(node, 'T') ?? 'float32') !== 'float32') continue;
    const channels = weights.shape[3]! * (node.op === 'Conv2D' ? 1 : weights.shape[2]!);
    const chain = findChain(node, channels, around);
    if (chain === undefined) continue;
    const kernel = scaledWeights(weights, chain.whole.scale);
    const bias: Tensor = { dtype: 'float32', shape: [channels], data: Float32Array.from(chain.whole.shift) };
    const isFinite = [kernel, bias].every(({ data }) => (data as Float32Array).every(Number.isFinite));
    if (!isFinite) continue;
    const [kernelName, biasName] = ['kernel', 'bias'].map((label) => {
      const name = freshName(names, `${node.name}/folded_${label}`);
      names.add(name);
      return name;
    }) as [string, string];
    const format = stringAttr(node, 'data_format', 'NHWC');
    const { name } = chain.last;
    for (const absorbed of chain.absorbed) replacements.set(absorbed, null);
    replacements.set(node.name, { ...node, inputs: [node.inputs[0]!, kernelName] });
    replacements.set(name, floatNode(name, 'BiasAdd', [node.name, biasName], { data_format: format }));
    replacements.set(kernelName, constNode(kernelName, kernel));
    replacements.set(biasName, constNode(biasName, bias));
    folded += 1;
  }
  return { graph: replaceNodes(graph, replacements), folded };
}
