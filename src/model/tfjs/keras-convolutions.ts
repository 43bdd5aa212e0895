/** Keras layers with weights as nodes of a Graph (tfjs-layers, layers/convolutional.ts and core.ts). */
import { intType } from '../../graph/node-builder.ts';
import type { KerasLayer } from './keras-layer.ts';
import { activate } from './keras-activations.ts';

/** Adds a bias and the activation of the layer's own configuration. */
function withBias(layer: KerasLayer, result: string): string {
  const last = layer.flag('use_bias', true)
    ? layer.add('BiasAdd', 'BiasAdd', [result, layer.tensor('bias', layer.weight('bias'))], {
        data_format: 'NHWC',
      })
    : result;
  return activate(layer, last, layer.text('activation', 'linear'));
}

function geometry(layer: KerasLayer): Record<string, string | readonly number[]> {
  const strides = layer.pair('strides', [1, 1]);
  const dilations = layer.pair('dilation_rate', [1, 1]);
  const padding = layer.text('padding', 'valid').toUpperCase();
  if (padding !== 'SAME' && padding !== 'VALID') throw layer.unsupported(`padding '${padding}'`);
  return {
    padding,
    data_format: 'NHWC',
    strides: [1, ...strides, 1],
    dilations: [1, ...dilations, 1],
  };
}

function conv2D(layer: KerasLayer): string {
  if (layer.number('groups', 1) !== 1) throw layer.unsupported('groups');
  const kernel = layer.tensor('kernel', layer.weight('kernel'));
  return withBias(layer, layer.add('Conv2D', 'Conv2D', [layer.input, kernel], geometry(layer)));
}

function depthwise(layer: KerasLayer): string {
  const kernel = layer.tensor('kernel', layer.weight('depthwise_kernel'));
  return layer.add('depthwise', 'DepthwiseConv2dNative', [layer.input, kernel], geometry(layer));
}

function separable(layer: KerasLayer): string {
  const kernel = layer.tensor('kernel', layer.weight('pointwise_kernel'));
  const attrs = { padding: 'VALID', data_format: 'NHWC', strides: [1, 1, 1, 1], dilations: [1, 1, 1, 1] };
  return withBias(layer, layer.add('Conv2D', 'Conv2D', [depthwise(layer), kernel], attrs));
}

/** Height and width of the first input, as an int32 vector. */
export function spatialSize(layer: KerasLayer): string {
  const shape = layer.add('Shape', 'Shape', [layer.input]);
  return layer.add('size', 'StridedSlice', [shape, layer.ints([1]), layer.ints([3]), layer.ints([1])], {
    T: { type: 'int32' },
  });
}

/** The output's size is the stride times the input's, with VALID plus what the kernel reaches beyond it. */
function transposed(layer: KerasLayer): string {
  const weights = layer.weight('kernel');
  const [sy, sx] = layer.pair('strides', [1, 1]);
  const attrs = geometry(layer);
  if (layer.pair('dilation_rate', [1, 1]).some((rate) => rate !== 1)) throw layer.unsupported('a dilation');
  if (!layer.config.at('output_padding').missing) throw layer.unsupported('output_padding');
  const [ky = 1, kx = 1, channels = 1] = weights.shape;
  const beyond = attrs['padding'] === 'VALID' ? [Math.max(ky - sy, 0), Math.max(kx - sx, 0)] : [0, 0];
  const scaled = layer.add('scaled', 'Mul', [spatialSize(layer), layer.ints([sy, sx])], intType);
  const size = layer.add('size', 'AddV2', [scaled, layer.ints(beyond)], intType);
  const shape = layer.add('Shape', 'Shape', [layer.input]);
  const batch = layer.add(
    'batch',
    'StridedSlice',
    [shape, layer.ints([0]), layer.ints([1]), layer.ints([1])],
    intType,
  );
  const target = layer.add(
    'target',
    'ConcatV2',
    [batch, size, layer.ints([channels]), layer.ints(0)],
    intType,
  );
  const inputs = [target, layer.tensor('kernel', weights), layer.input];
  return withBias(layer, layer.add('transposed', 'Conv2DBackpropInput', inputs, attrs));
}

/** A vector is multiplied by the weights; for an image that is a convolution of one pixel. */
function dense(layer: KerasLayer): string {
  const weights = layer.weight('kernel');
  if (layer.rank === 2) {
    const attrs = { transpose_a: false, transpose_b: false };
    return withBias(
      layer,
      layer.add('MatMul', 'MatMul', [layer.input, layer.tensor('kernel', weights)], attrs),
    );
  }
  if (layer.rank !== 4) throw layer.unsupported(`an input of rank ${layer.rank}`);
  const kernel = layer.tensor('kernel', { ...weights, shape: [1, 1, ...weights.shape] });
  const attrs = { padding: 'VALID', data_format: 'NHWC', strides: [1, 1, 1, 1], dilations: [1, 1, 1, 1] };
  return withBias(layer, layer.add('Conv2D', 'Conv2D', [layer.input, kernel], attrs));
}

/** gamma · (x − mean) / sqrt(variance + epsilon) + beta, with the constants computed here. */
function batchNormalization(layer: KerasLayer): string {
  const axis = layer.config.at('axis');
  const last = axis.missing ? -1 : (Array.isArray(axis.value) ? axis.items()[0]! : axis).number();
  if (last !== -1 && last !== layer.rank - 1) throw layer.unsupported(`axis ${last}`);
  const variance = layer.weight('moving_variance').data as Float32Array;
  const mean = layer.weight('moving_mean').data as Float32Array;
  const gamma = layer.flag('scale', true) ? (layer.weight('gamma').data as Float32Array) : undefined;
  const beta = layer.flag('center', true) ? (layer.weight('beta').data as Float32Array) : undefined;
  const epsilon = layer.number('epsilon', 0.001);
  const scale = Float32Array.from(variance, (value, c) => (gamma?.[c] ?? 1) / Math.sqrt(value + epsilon));
  const offset = Float32Array.from(scale, (value, c) => (beta?.[c] ?? 0) - mean[c]! * value);
  const vector = (label: string, data: Float32Array): string =>
    layer.tensor(label, { dtype: 'float32', shape: [data.length], data });
  const scaled = layer.add('Mul', 'Mul', [layer.input, vector('scale', scale)]);
  return layer.add('AddV2', 'AddV2', [scaled, vector('offset', offset)]);
}

/** By class name: adds the layer's nodes, gives the name of the last one. */
export const weightedLayers: Readonly<Record<string, (layer: KerasLayer) => string>> = {
  Conv2D: conv2D,
  Convolution2D: conv2D,
  DepthwiseConv2D: (layer) => withBias(layer, depthwise(layer)),
  SeparableConv2D: separable,
  Conv2DTranspose: transposed,
  Dense: dense,
  BatchNormalization: batchNormalization,
};
