/** Operators of onnxruntime's own domain, as far as its optimiser and quantiser write them. */
import type { OnnxRule, OnnxTranslation } from '../onnx-translation.ts';
import { clip, gelu, geluByTanh, swish } from './activations.ts';
import { convolve, withBias } from './convolutions.ts';
import { multiply } from './matrices.ts';
import { pool, spatialAxes } from './pooling.ts';
import { dequantised, quantisationRules, quantised, requantised } from './quantisation.ts';
import { asGiven, picturesOf } from './windows.ts';

const biasedGelu: OnnxRule = (node) => gelu(node, node.add('AddV2', [node.input(0), node.input(1)]));

const fastGelu: OnnxRule = (node) =>
  geluByTanh(node, node.has(1) ? node.add('AddV2', [node.input(0), node.input(1)]) : node.input(0));

function activated(node: OnnxTranslation, value: string): string {
  const [name, parameters] = [node.text('activation', ''), node.floats('activation_params')];
  switch (name) {
    case '':
      return value;
    case 'Relu':
    case 'Sigmoid':
    case 'Tanh':
      return node.add(name, [value]);
    case 'LeakyRelu':
      return node.add('LeakyRelu', [value], { alpha: { f: parameters[0] ?? 0.01 } });
    case 'Clip':
      return clip(node, value, parameters[0] ?? -Infinity, parameters[1] ?? Infinity);
    case 'HardSigmoid': {
      const scaled = node.add('Mul', [value, node.addNumber(parameters[0] ?? 0.2)]);
      return clip(node, node.add('AddV2', [scaled, node.addNumber(parameters[1] ?? 0.5)]), 0, 1);
    }
    default:
      throw node.unsupported(`with activation=${name}`);
  }
}

/** Conv, then a sum with a picture of the same size, then an activation. */
const fusedConvolution: OnnxRule = (node) => {
  const x = picturesOf(node);
  const sum = asGiven(node, x, withBias(node, convolve(node, x, node.input(1)), 2));
  return activated(node, node.has(3) ? node.add('AddV2', [sum, node.input(3)]) : sum);
};

const add = quantised(2, (node, values) => node.add('AddV2', values));
const elementProduct = quantised(2, (node, values) => node.add('Mul', values));
const sigmoid = quantised(1, (node, values) => node.add('Sigmoid', values));
const leaky = quantised(1, (node, values) =>
  node.add('LeakyRelu', values, { alpha: { f: node.float('alpha', 0.01) } }),
);

/** Channels stand second, as everywhere, unless an attribute says otherwise. */
function checkLayout(node: OnnxTranslation): void {
  if (node.flag('channels_last', false)) throw node.unsupported('with channels_last=1');
}

const averagePool = quantised(1, (node, [value]) => {
  checkLayout(node);
  if (node.rank(0) !== 4) throw node.unsupported(`of a tensor of rank ${node.rank(0)}`);
  return pool(node, 'average', value);
});

const globalAveragePool = quantised(1, (node, [value]) => {
  checkLayout(node);
  return node.add('Mean', [value!, spatialAxes(node)], { keep_dims: true });
});

/** Scale and zero point of the result stand first. */
const concat: OnnxRule = (node) => {
  const count = Math.floor((node.inputs.length - 2) / 3);
  const parts = Array.from({ length: count }, (_, at) => dequantised(node, 2 + 3 * at));
  if (parts[0] === undefined) throw node.error('has no inputs');
  const axis = node.axis(node.int('axis'), node.rankOf(parts[0]));
  const joined = node.add('ConcatV2', [...parts, node.addInts(axis)], { N: count });
  return requantised(node, joined, 0);
};

/** alpha · a · b, each with its last two axes turned where the attributes say so. */
const fusedProduct: OnnxRule = (node) => {
  if (node.flag('transBatchA', false) || node.flag('transBatchB', false)) {
    throw node.unsupported('with transBatchA or transBatchB');
  }
  const [one, other] = ['transA', 'transB'].map((name, index) => {
    const rank = node.rank(index);
    const axes = Array.from({ length: rank }, (_, axis) => axis);
    if (!node.flag(name, false) || rank < 2) return node.input(index);
    return node.addTranspose(node.input(index), [...axes.slice(0, -2), rank - 1, rank - 2]);
  }) as [string, string];
  const product = multiply(node, one, other);
  const alpha = node.float('alpha', 1);
  return alpha === 1 ? product : node.add('Mul', [product, node.addNumber(alpha)]);
};

export const microsoftRules: Readonly<Record<string, OnnxRule>> = {
  Gelu: (node) => gelu(node, node.input(0)),
  BiasGelu: biasedGelu,
  FastGelu: fastGelu,
  QuickGelu: (node) => swish(node, node.float('alpha', 1.702)),
  FusedConv: fusedConvolution,
  QuantizeLinear: quantisationRules['QuantizeLinear']!,
  DequantizeLinear: quantisationRules['DequantizeLinear']!,
  QLinearAdd: add,
  QLinearMul: elementProduct,
  QLinearAveragePool: averagePool,
  QLinearGlobalAveragePool: globalAveragePool,
  QLinearConcat: concat,
  FusedMatMul: fusedProduct,
  QLinearSigmoid: sigmoid,
  QLinearLeakyRelu: leaky,
};
