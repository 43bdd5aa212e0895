/** Keras activations as nodes of a Graph (tfjs-layers, activations.ts and layers/advanced_activations.ts). */
import type { KerasLayer } from './keras-layer.ts';

const singleOps: Readonly<Record<string, string>> = {
  relu: 'Relu',
  relu6: 'Relu6',
  tanh: 'Tanh',
  sigmoid: 'Sigmoid',
  elu: 'Elu',
  selu: 'Selu',
  softmax: 'Softmax',
  softplus: 'Softplus',
  softsign: 'Softsign',
};

/** Adds an activation by Keras' name, in any spelling. */
export function activate(layer: KerasLayer, input: string, name: string): string {
  const key = name.toLowerCase().replaceAll('_', '');
  if (key === 'linear') return input;
  if (key === 'swish' || key === 'silu') {
    return layer.add('swish', 'Mul', [input, layer.add('Sigmoid', 'Sigmoid', [input])]);
  }
  if (key === 'hardsigmoid') {
    const scaled = layer.add('Mul', 'Mul', [input, layer.floats(0.2)]);
    const moved = layer.add('AddV2', 'AddV2', [scaled, layer.floats(0.5)]);
    const bounded = layer.add('Minimum', 'Minimum', [moved, layer.floats(1)]);
    return layer.add('Maximum', 'Maximum', [bounded, layer.floats(0)]);
  }
  const op = Object.hasOwn(singleOps, key) ? singleOps[key] : undefined;
  if (op === undefined) throw layer.unsupported(`activation '${name}'`);
  return layer.add(op, op, [input]);
}

function relu(layer: KerasLayer): string {
  const slope = layer.number('negative_slope', 0);
  const most = layer.number('max_value', Infinity);
  if (layer.number('threshold', 0) !== 0) throw layer.unsupported('a threshold');
  if (slope === 0 && most === 6) return layer.add('Relu6', 'Relu6', [layer.input]);
  const result =
    slope === 0
      ? layer.add('Relu', 'Relu', [layer.input])
      : layer.add('LeakyRelu', 'LeakyRelu', [layer.input], { alpha: { f: Math.fround(slope) } });
  return most === Infinity ? result : layer.add('Minimum', 'Minimum', [result, layer.floats(most)]);
}

function leakyRelu(layer: KerasLayer): string {
  const alpha = layer.number('alpha', layer.number('negative_slope', 0.3));
  return layer.add('LeakyRelu', 'LeakyRelu', [layer.input], { alpha: { f: Math.fround(alpha) } });
}

function elu(layer: KerasLayer): string {
  if (layer.number('alpha', 1) !== 1) throw layer.unsupported('an alpha other than 1');
  return layer.add('Elu', 'Elu', [layer.input]);
}

/** Activations that are layers of their own, by class name. */
export const activationLayers: Readonly<Record<string, (layer: KerasLayer) => string>> = {
  Activation: (layer) => activate(layer, layer.input, layer.text('activation', 'linear')),
  ReLU: relu,
  LeakyReLU: leakyRelu,
  PReLU: (layer) => layer.add('Prelu', 'Prelu', [layer.input, layer.tensor('alpha', layer.weight('alpha'))]),
  ELU: elu,
  Softmax: (layer) => {
    const axis = layer.number('axis', -1);
    if (axis !== -1 && axis !== layer.rank - 1) throw layer.unsupported(`axis ${axis}`);
    return layer.add('Softmax', 'Softmax', [layer.input]);
  },
};
