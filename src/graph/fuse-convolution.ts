/**
 * The pass that joins convolution, bias and activation into one node, as TensorFlow's remapper does
 * (tensorflow/core/grappler/optimizers/remapper.cc) and as tfjs-converter's executor reads it.
 */
import type { Graph, GraphNode, Tensor } from './graph.ts';
import { consumersByName, freshName, onlyConsumer, replaceNodes } from './graph-edits.ts';
import { constTensor, dataInputs, floatAttr, stringAttr, typeAttr } from './node-attrs.ts';
import { constNode, opNode, type ShortAttrs } from './node-builder.ts';
import { elementCount } from './tensor-storage.ts';
import { nodesByName } from './topological-order.ts';

const fusedOps: Readonly<Record<string, string>> = {
  Conv2D: '_FusedConv2D',
  DepthwiseConv2dNative: 'FusedDepthwiseConv2dNative',
};

/**
 * Activations of the fused kernels; Tanh is not among them. tfjs-converter does not read leakyrelu_alpha for
 * the depthwise op, so that LeakyRelu would become Relu there.
 */
const activations: Readonly<Record<string, readonly string[]>> = {
  Conv2D: ['Relu', 'Relu6', 'Elu', 'Sigmoid', 'LeakyRelu'],
  DepthwiseConv2dNative: ['Relu', 'Relu6', 'Elu', 'Sigmoid'],
};

const defaultLeakyAlpha = 0.2;

interface Surroundings {
  readonly byName: ReadonlyMap<string, GraphNode>;
  readonly consumers: ReadonlyMap<string, readonly GraphNode[]>;
  readonly kept: ReadonlySet<string>;
}

/** Output channels by the constant weights; undefined where the weights are computed. */
function outputChannels(node: GraphNode, byName: ReadonlyMap<string, GraphNode>): number | undefined {
  const shape = constTensor(byName.get(node.inputs[1]!))?.shape;
  if (shape?.length !== 4) return undefined;
  return node.op === 'Conv2D' ? shape[3]! : shape[2]! * shape[3]!;
}

/** The bias as a vector with one float a channel, where `add` adds one to `node`. */
function biasOf(add: GraphNode, node: GraphNode, channels: number, around: Surroundings): Tensor | undefined {
  const commutes = add.op === 'Add' || add.op === 'AddV2';
  const inputs = dataInputs(add);
  if (inputs.length !== 2 || !(commutes || (add.op === 'BiasAdd' && inputs[0] === node.name)))
    return undefined;
  if (stringAttr(add, 'data_format', 'NHWC') !== 'NHWC') return undefined;
  const tensor = constTensor(around.byName.get(inputs.find((input) => input !== node.name) ?? ''));
  if (tensor === undefined || !(tensor.data instanceof Float32Array) || tensor.shape.length > 4)
    return undefined;
  const count = elementCount(tensor.shape);
  // A vector along the last axis, or one number for all channels; anything else adds per pixel.
  if (count !== 1 && (count !== channels || tensor.shape.at(-1) !== channels)) return undefined;
  const data = count === channels ? tensor.data : new Float32Array(channels).fill(tensor.data[0]!);
  return { dtype: 'float32', shape: [channels], data };
}

interface Fusion {
  readonly convolution: GraphNode;
  readonly biasNode: GraphNode | undefined;
  readonly bias: Tensor;
  readonly activation: GraphNode | undefined;
}

function findFusion(convolution: GraphNode, around: Surroundings): Fusion | undefined {
  if (stringAttr(convolution, 'data_format', 'NHWC') !== 'NHWC') return undefined;
  if ((typeAttr(convolution, 'T') ?? 'float32') !== 'float32' || convolution.inputs.length !== 2)
    return undefined;
  const channels = outputChannels(convolution, around.byName);
  const next = onlyConsumer(convolution, around.consumers, around.kept);
  if (channels === undefined || next === undefined) return undefined;
  const bias = biasOf(next, convolution, channels, around);
  const last = bias === undefined ? convolution : next;
  const after = bias === undefined ? next : onlyConsumer(next, around.consumers, around.kept);
  const fuses = after !== undefined && activations[convolution.op]!.includes(after.op);
  if (bias === undefined && !fuses) return undefined;
  return {
    convolution,
    biasNode: last === convolution ? undefined : last,
    // Without a bias the fused op would take the activation for the bias: a zero is what it needs.
    bias: bias ?? { dtype: 'float32', shape: [channels], data: new Float32Array(channels) },
    activation: fuses ? after : undefined,
  };
}

function fusedNode({ convolution, biasNode, activation }: Fusion, bias: string): GraphNode {
  const leaky: ShortAttrs =
    activation?.op === 'LeakyRelu'
      ? { leakyrelu_alpha: { f: floatAttr(activation, 'alpha', defaultLeakyAlpha) } }
      : {};
  const name = (activation ?? biasNode)!.name;
  return opNode(name, fusedOps[convolution.op]!, [...convolution.inputs, bias], {
    ...convolution.attrs,
    fused_ops: activation === undefined ? ['BiasAdd'] : ['BiasAdd', activation.op],
    num_args: 1,
    epsilon: { f: 0 },
    ...leaky,
  });
}

/**
 * Fuses Conv2D and DepthwiseConv2dNative with a constant bias (BiasAdd, Add, AddV2) and with an
 * activation that the fused kernels have. Other activations stay as nodes of their own. The fused
 * node takes the last node's name.
 *
 * @param kept names of the graph's inputs and outputs.
 */
export function fuseConvolution(graph: Graph, kept: ReadonlySet<string>): Graph {
  const around: Surroundings = { byName: nodesByName(graph), consumers: consumersByName(graph), kept };
  const names = new Set(graph.nodes.map((node) => node.name));
  const replacements = new Map<string, GraphNode | null>();
  for (const node of graph.nodes) {
    if (!Object.hasOwn(fusedOps, node.op)) continue;
    const fusion = findFusion(node, around);
    if (fusion === undefined) continue;
    const bias = freshName(names, `${node.name}/bias`);
    names.add(bias);
    replacements.set(node.name, null);
    if (fusion.biasNode !== undefined) replacements.set(fusion.biasNode.name, null);
    const fused = fusedNode(fusion, bias);
    replacements.set(fused.name, fused);
    replacements.set(bias, constNode(bias, fusion.bias));
  }
  return replaceNodes(graph, replacements);
}
