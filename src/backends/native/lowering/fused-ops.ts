/**
 * Reads what converters and earlier passes have fused into a node: bias and activation
 * of `_FusedConv2D` and its kin.
 */
import type { GraphNode, Tensor } from '../../../graph/graph.ts';
import { dataInputs, floatAttr, stringsAttr } from '../../../graph/node-attrs.ts';
import { elementCount } from '../../../graph/tensor-storage.ts';
import type { Activation } from './layer-spec.ts';

/** The value of an input reference where it is a constant. */
export type ConstantOf = (reference: string | undefined) => Tensor | undefined;

/** Ops that take an epilogue, by the op that does the work. */
const plainOps: Readonly<Record<string, string>> = {
  Conv2D: 'Conv2D',
  _FusedConv2D: 'Conv2D',
  DepthwiseConv2d: 'DepthwiseConv2dNative',
  DepthwiseConv2dNative: 'DepthwiseConv2dNative',
  FusedDepthwiseConv2dNative: 'DepthwiseConv2dNative',
  Conv2DBackpropInput: 'Conv2DBackpropInput',
  MatMul: 'MatMul',
  _FusedMatMul: 'MatMul',
};

/** The op of a node without what is fused into it; undefined for ops that take no epilogue. */
export function plainOp(op: string): string | undefined {
  return Object.hasOwn(plainOps, op) ? plainOps[op] : undefined;
}

/** One number a channel: a vector along the last axis, or one number for all; undefined for anything else. */
export function channelVector(tensor: Tensor | undefined, channels: number): Float32Array | undefined {
  if (tensor === undefined || !(tensor.data instanceof Float32Array)) return undefined;
  const count = elementCount(tensor.shape);
  if (count === 1) return new Float32Array(channels).fill(tensor.data[0]!);
  return count === channels && tensor.shape.at(-1) === channels ? tensor.data : undefined;
}

const simple: Readonly<Record<string, Activation>> = {
  Relu: { kind: 'relu' },
  Relu6: { kind: 'relu6' },
  Tanh: { kind: 'tanh' },
  Sigmoid: { kind: 'sigmoid' },
  Elu: { kind: 'elu' },
  Softplus: { kind: 'softplus' },
  Silu: { kind: 'silu' },
  HardSwish: { kind: 'hardswish' },
  Gelu: { kind: 'gelu' },
  Mish: { kind: 'mish' },
};

const leakyAlpha = 0.2;

/** The activation that a node of its own is, with `channels` channels; undefined where it is none. */
export function activationOf(
  node: GraphNode,
  constantOf: ConstantOf,
  channels: number,
): Activation | undefined {
  if (Object.hasOwn(simple, node.op)) return simple[node.op];
  const inputs = dataInputs(node);
  if (node.op === 'LeakyRelu') return { kind: 'leaky', alpha: floatAttr(node, 'alpha', leakyAlpha) };
  if (node.op === 'Prelu') {
    const slopes = channelVector(constantOf(inputs[1]), channels);
    return slopes === undefined ? undefined : { kind: 'prelu', slopes };
  }
  if (node.op !== 'ClipByValue') return undefined;
  const [min, max] = [constantOf(inputs[1]), constantOf(inputs[2])];
  if (min?.data.length !== 1 || max?.data.length !== 1) return undefined;
  return { kind: 'clip', min: Number(min.data[0]), max: Number(max.data[0]) };
}

/** What is fused into a node already; a string names what this backend does not know. */
export function fusedEpilogue(
  node: GraphNode,
  constantOf: ConstantOf,
  channels: number,
): { readonly bias: Float32Array | undefined; readonly activation: Activation } | string {
  const none: Activation = { kind: 'none' };
  if (plainOp(node.op) === node.op) return { bias: undefined, activation: none };
  const fused = stringsAttr(node, 'fused_ops').filter(
    (op) => op !== '' && op !== 'linear' && op !== 'Linear',
  );
  const inputs = dataInputs(node);
  const hasBias = fused[0] === 'BiasAdd';
  const [name, extra] = hasBias ? fused.slice(1) : fused;
  const bias = hasBias ? channelVector(constantOf(inputs[2]), channels) : undefined;
  if (hasBias && bias === undefined) return 'fused BiasAdd of no constant vector';
  if (name === undefined) return { bias, activation: none };
  const op = ['Relu', 'Relu6', 'Elu', 'Sigmoid', 'Tanh', 'LeakyRelu', 'Prelu'].find(
    (known) => known.toLowerCase() === name.toLowerCase(),
  );
  const alpha = { f: floatAttr(node, 'leakyrelu_alpha', leakyAlpha) };
  const alone = { name: node.name, op: op ?? name, inputs: ['', inputs[3] ?? ''], attrs: { alpha } };
  const activation = extra === undefined ? activationOf(alone, constantOf, channels) : undefined;
  return activation === undefined
    ? `fused ${[name, extra].filter(Boolean).join(', ')}`
    : { bias, activation };
}
