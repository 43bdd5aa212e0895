/**
 * Keras layers without weights as nodes of a Graph (tfjs-layers, layers/merge.ts,
 * pooling.ts, padding.ts, core.ts).
 */
import { intType } from '../../graph/node-builder.ts';
import type { KerasLayer } from './keras-layer.ts';
import { spatialSize } from './keras-convolutions.ts';

type Rule = (layer: KerasLayer) => string;

/** Joins all inputs with one op, from the first on. */
function chain(layer: KerasLayer, op: string): string {
  if (layer.inputs.length < 2) throw layer.unsupported(`${layer.inputs.length} inputs`);
  return layer.inputs.reduce((all, input) => layer.add(op, op, [all, input]));
}

const concatenate: Rule = (layer) =>
  layer.add('ConcatV2', 'ConcatV2', [...layer.inputs, layer.ints(layer.number('axis', -1))]);

/** As tfjs computes it: bilinear without half-pixel centres. */
const upSampling: Rule = (layer) => {
  const [sy, sx] = layer.pair('size', [2, 2]);
  const interpolation = layer.text('interpolation', 'nearest');
  const op = { nearest: 'ResizeNearestNeighbor', bilinear: 'ResizeBilinear' }[interpolation];
  if (op === undefined) throw layer.unsupported(`interpolation '${interpolation}'`);
  const size = layer.add('scaled', 'Mul', [spatialSize(layer), layer.ints([sy, sx])], intType);
  return layer.add(op, op, [layer.input, size], { align_corners: false, half_pixel_centers: false });
};

/** `[[top, bottom], [left, right]]`, `[rows, columns]` or one number. */
function edges(layer: KerasLayer, key: string): readonly [number, number, number, number] {
  const value = layer.config.at(key);
  const sides = Array.isArray(value.value) ? value.items() : [value, value];
  const flat = sides.flatMap((side) =>
    Array.isArray(side.value) ? side.items().map((item) => item.number()) : [side.number(), side.number()],
  );
  if (flat.length !== 4 || flat.some((amount) => !Number.isInteger(amount) || amount < 0)) {
    throw value.error('should be two pairs of whole numbers');
  }
  return flat as unknown as readonly [number, number, number, number];
}

const zeroPadding: Rule = (layer) => {
  const amounts = layer.ints([0, 0, ...edges(layer, 'padding'), 0, 0], [4, 2]);
  return layer.add('Pad', 'Pad', [layer.input, amounts]);
};

const cropping: Rule = (layer) => {
  const [top, bottom, left, right] = edges(layer, 'cropping');
  const bounds = [
    [0, top, left, 0],
    [0, -bottom, -right, 0],
    [1, 1, 1, 1],
  ].map((list) => layer.ints(list));
  const open = 9 + (bottom === 0 ? 2 : 0) + (right === 0 ? 4 : 0);
  return layer.add('crop', 'StridedSlice', [layer.input, ...bounds], { begin_mask: 9, end_mask: open });
};

function pool(layer: KerasLayer, op: string): string {
  const size = layer.pair('pool_size', [2, 2]);
  const strides = layer.pair('strides', size);
  return layer.add(op, op, [layer.input], {
    ksize: [1, ...size, 1],
    strides: [1, ...strides, 1],
    padding: layer.text('padding', 'valid').toUpperCase(),
    data_format: 'NHWC',
  });
}

function globalPool(layer: KerasLayer, op: string): string {
  return layer.add(op, op, [layer.input, layer.ints([1, 2])], { keep_dims: layer.flag('keepdims', false) });
}

/** The batch stays, the rest gets these sizes; one of them may be -1. */
function reshaped(layer: KerasLayer, sizes: readonly number[]): string {
  const shape = layer.add('Shape', 'Shape', [layer.input]);
  const batch = layer.add(
    'batch',
    'StridedSlice',
    [shape, layer.ints([0]), layer.ints([1]), layer.ints([1])],
    intType,
  );
  const target = layer.add('target', 'ConcatV2', [batch, layer.ints(sizes), layer.ints(0)], intType);
  return layer.add('Reshape', 'Reshape', [layer.input, target]);
}

function numbers(layer: KerasLayer, key: string): number[] {
  return layer.config
    .at(key)
    .items()
    .map((item) => (item.missing ? -1 : item.number()));
}

function depthToSpace(layer: KerasLayer, block: number): string {
  return layer.add('DepthToSpace', 'DepthToSpace', [layer.input], { block_size: block, data_format: 'NHWC' });
}

const identity: Rule = (layer) => layer.add('Identity', 'Identity', [layer.input]);

const rescaling: Rule = (layer) => {
  const scaled = layer.add('Mul', 'Mul', [layer.input, layer.floats(layer.number('scale', 1))]);
  const offset = layer.number('offset', 0);
  return offset === 0 ? scaled : layer.add('AddV2', 'AddV2', [scaled, layer.floats(offset)]);
};

/**
 * By class name; the last rows are custom layers of UpscalerJS (MIT), packages/shared/src/esrgan/esrgan.ts.
 */
export const arrangementLayers: Readonly<Record<string, Rule>> = {
  Add: (layer) => chain(layer, 'AddV2'),
  Subtract: (layer) => chain(layer, 'Sub'),
  Multiply: (layer) => chain(layer, 'Mul'),
  Maximum: (layer) => chain(layer, 'Maximum'),
  Minimum: (layer) => chain(layer, 'Minimum'),
  Average: (layer) =>
    layer.add('mean', 'Mul', [chain(layer, 'AddV2'), layer.floats(1 / layer.inputs.length)]),
  Concatenate: concatenate,
  UpSampling2D: upSampling,
  ZeroPadding2D: zeroPadding,
  Cropping2D: cropping,
  MaxPooling2D: (layer) => pool(layer, 'MaxPool'),
  AveragePooling2D: (layer) => pool(layer, 'AvgPool'),
  GlobalAveragePooling2D: (layer) => globalPool(layer, 'Mean'),
  GlobalMaxPooling2D: (layer) => globalPool(layer, 'Max'),
  Flatten: (layer) => reshaped(layer, [-1]),
  Reshape: (layer) => reshaped(layer, numbers(layer, 'target_shape')),
  Permute: (layer) =>
    layer.add('Transpose', 'Transpose', [layer.input, layer.ints([0, ...numbers(layer, 'dims')])]),
  Dropout: identity,
  SpatialDropout2D: identity,
  GaussianNoise: identity,
  GaussianDropout: identity,
  Rescaling: rescaling,
  MultiplyBeta: (layer) => layer.add('Mul', 'Mul', [layer.input, layer.floats(0.2)]),
  PixelShuffle2x: (layer) => depthToSpace(layer, 2),
  PixelShuffle3x: (layer) => depthToSpace(layer, 3),
  PixelShuffle4x: (layer) => depthToSpace(layer, 4),
  PixelShuffle8x: (layer) => depthToSpace(layer, 8),
};
