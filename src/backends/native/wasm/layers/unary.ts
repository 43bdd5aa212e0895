/**
 * Functions of one value (libavfilter/dnn/dnn_backend_native_layer_mathunary.c and others), row after row.
 */
import type { KernelExports } from '../kernel-exports.ts';
import { floatAttr, nodeError, typeAttr } from '../../../../graph/node-attrs.ts';
import type { Activation, LayerSpec } from '../../lowering/layer-spec.ts';
import type { LayerFactory } from '../layer.ts';
import { constantNumbers, valueCount } from './layer-input.ts';
import { rowLayer, sameRows } from './row-layer.ts';
import { unsupported } from './unsupported.ts';
import { wholeCast, wholeCodes, wrap, wrappingType, type UnaryCall } from './whole-numbers.ts';

/** The numbers of the functions in the kernel `unary` (wasm/assembly/unary-op.ts). */
export const unaryCodes: Readonly<Record<string, number>> = {
  Relu: 1,
  Relu6: 2,
  LeakyRelu: 3,
  Elu: 4,
  Selu: 5,
  Tanh: 6,
  Sigmoid: 7,
  Exp: 8,
  Sqrt: 9,
  Rsqrt: 10,
  Square: 11,
  Abs: 12,
  Neg: 13,
  Reciprocal: 14,
  Inv: 14,
  Softsign: 15,
  Sign: 16,
  Floor: 17,
  Ceil: 18,
  Round: 19,
  Rint: 19,
  // This project's own: half away from zero, as FFmpeg's ROUND.
  FFmpegRound: 20,
  LogicalNot: 22,
  Log: 30,
  Sin: 31,
  Cos: 32,
  Tan: 33,
  Asin: 34,
  Acos: 35,
  Atan: 36,
  Sinh: 37,
  Cosh: 38,
  Asinh: 39,
  Acosh: 40,
  Atanh: 41,
  Erf: 42,
  Softplus: 43,
  Log1p: 44,
  Expm1: 45,
  IsNan: 46,
  IsInf: 47,
  IsFinite: 48,
  // What the lowering finds in products.
  HardSwish: 25,
  Silu: 49,
  Gelu: 50,
  Mish: 51,
};

const code = { keep: 0, notZero: 23, clip: 24 };

function castCall(spec: LayerSpec): UnaryCall {
  const type = typeAttr(spec.node, 'DstT') ?? 'float32';
  if (type === 'string') throw unsupported(spec.node, 'makes strings');
  return wholeCast(type) ?? { code: type === 'bool' ? code.notZero : code.keep, a: 0, b: 0 };
}

function callOf(spec: LayerSpec): UnaryCall {
  const { node } = spec;
  if (node.op === 'Cast') return castCall(spec);
  if (node.op === 'ClipByValue') {
    const [low, high] = [constantNumbers(spec, 1), constantNumbers(spec, 2)];
    if (low.length !== 1 || high.length !== 1)
      throw unsupported(node, 'has bounds that are no single numbers');
    return { code: code.clip, a: low[0]!, b: high[0]! };
  }
  const number = unaryCodes[node.op];
  if (number === undefined) throw unsupported(node, 'is not a function of one value');
  return { code: number, a: node.op === 'LeakyRelu' ? floatAttr(node, 'alpha', 0.2) : 0, b: 0 };
}

export const unaryLayer: LayerFactory = (spec, { kernels }) => {
  const call = callOf(spec);
  const [input] = spec.inputs;
  if (input === undefined || valueCount(input) !== valueCount(spec.output)) {
    throw nodeError(spec.node, 'has an output of another size than its input');
  }
  const count = spec.output.width * spec.output.channels;
  const type = spec.node.op === 'Cast' ? undefined : wrappingType(spec.node);
  const squares = type !== undefined && spec.node.op === 'Square';
  return rowLayer(spec, {
    inputRows: sameRows,
    row(y, dest, address) {
      const source = address(0, y);
      if (squares) kernels.binary(wholeCodes['Mul']!, source, source, dest, 1, count, 0, 1, 0, 1);
      else kernels.unary(call.code, source, dest, count, call.a, call.b);
      wrap(kernels, type, dest, count);
    },
  });
};

const activationCodes = {
  none: 0,
  relu: 1,
  relu6: 2,
  leaky: 3,
  elu: 4,
  tanh: 6,
  sigmoid: 7,
  softplus: 43,
  clip: code.clip,
  hardswish: 25,
  silu: 49,
  gelu: 50,
  mish: 51,
} as const;

/** A fused activation in place on `count` values; neither slopes of a prelu nor both signs are done here. */
export function activate(
  kernels: KernelExports,
  activation: Activation,
  pointer: number,
  count: number,
): void {
  const { kind } = activation;
  if (kind === 'none' || kind === 'prelu' || kind === 'both-signs') return;
  const a = kind === 'leaky' ? activation.alpha : kind === 'clip' ? activation.min : 0;
  kernels.unary(activationCodes[kind], pointer, pointer, count, a, kind === 'clip' ? activation.max : 0);
}
