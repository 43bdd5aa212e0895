/** Operators of onnxruntime's own domain, as far as its optimiser and quantiser write them. */
import type { OnnxRule, OnnxTranslation } from '../onnx-translation.ts';
import { clip, gelu, geluByTanh, swish } from './activations.ts';
import { convolve, withBias } from './convolutions.ts';
import { quantisationRules, quantised } from './quantisation.ts';
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
const multiply = quantised(2, (node, values) => node.add('Mul', values));
const sigmoid = quantised(1, (node, values) => node.add('Sigmoid', values));
const leaky = quantised(1, (node, values) =>
  node.add('LeakyRelu', values, { alpha: { f: node.float('alpha', 0.01) } }),
);

export const microsoftRules: Readonly<Record<string, OnnxRule>> = {
  Gelu: (node) => gelu(node, node.input(0)),
  BiasGelu: biasedGelu,
  FastGelu: fastGelu,
  QuickGelu: (node) => swish(node, node.float('alpha', 1.702)),
  FusedConv: fusedConvolution,
  QuantizeLinear: quantisationRules['QuantizeLinear']!,
  DequantizeLinear: quantisationRules['DequantizeLinear']!,
  QLinearAdd: add,
  QLinearMul: multiply,
  QLinearSigmoid: sigmoid,
  QLinearLeakyRelu: leaky,
};
