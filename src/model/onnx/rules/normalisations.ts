/** Normalisations: composed of means and products, but for that of a batch. */
import type { Element, OnnxRule, OnnxTranslation } from '../onnx-translation.ts';

interface Normalised {
  readonly value: string;
  readonly mean: string;
  /** 1 / √(variance + epsilon) */
  readonly inverse: string;
}

function normalise(node: OnnxTranslation, x: string, axes: readonly number[], epsilon: number): Normalised {
  const along = node.addInts(axes);
  const mean = node.add('Mean', [x, along], { keep_dims: true });
  const variance = node.add('Mean', [node.add('SquaredDifference', [x, mean]), along], { keep_dims: true });
  const inverse = node.add('Rsqrt', [node.add('AddV2', [variance, node.addNumber(epsilon, x)])]);
  return { value: node.add('Mul', [node.add('Sub', [x, mean]), inverse]), mean, inverse };
}

/** value · scale + bias, both one entry a channel. */
function scaledByChannel(node: OnnxTranslation, value: string, scale: string, bias: string): string {
  const rank = node.rankOf(value);
  const product = node.add('Mul', [value, node.alongChannels(scale, rank)]);
  return node.add('AddV2', [product, node.alongChannels(bias, rank)]);
}

const batch: OnnxRule = (node) => {
  if (node.version >= 14 && node.flag('training_mode', false)) throw node.unsupported('in training mode');
  if (node.version < 9 && !node.flag('spatial', true)) throw node.unsupported('with spatial=0');
  const epsilon = node.float('epsilon', 1e-5);
  const [x, scale, bias, mean, variance] = [0, 1, 2, 3, 4].map((index) => node.input(index)) as [
    string,
    string,
    string,
    string,
    string,
  ];
  if (node.rank(0) === 4) {
    return node.add('FusedBatchNormV3', [x, scale, bias, mean, variance], {
      data_format: 'NCHW',
      epsilon: { f: epsilon },
      is_training: false,
      U: { type: 'float32' },
    });
  }
  const inverse = node.add('Rsqrt', [node.add('AddV2', [variance, node.addNumber(epsilon)])]);
  const factor = node.add('Mul', [scale, inverse]);
  const shift = node.add('Sub', [bias, node.add('Mul', [mean, factor])]);
  return scaledByChannel(node, x, factor, shift);
};

function axesFrom(first: number, rank: number): number[] {
  return Array.from({ length: Math.max(0, rank - first) }, (_, at) => first + at);
}

const instance: OnnxRule = (node) => {
  const axes = axesFrom(2, node.rank(0));
  const { value } = normalise(node, node.input(0), axes, node.float('epsilon', 1e-5));
  return scaledByChannel(node, value, node.input(1), node.input(2));
};

/** Of the axes from the given one on, over which scale and bias are spread. */
const layer: OnnxRule = (node) => {
  const rank = node.rank(0);
  const axes = axesFrom(node.axis(node.int('axis', -1), rank), rank);
  const { value, mean, inverse } = normalise(node, node.input(0), axes, node.float('epsilon', 1e-5));
  const scaled = node.has(1) ? node.add('Mul', [value, node.input(1)]) : value;
  const result = node.has(2) ? node.add('AddV2', [scaled, node.input(2)]) : scaled;
  return [result, mean, inverse];
};

/** Channels in groups, all values of a group together. Before version 21 a scale is one a group. */
const group: OnnxRule = (node) => {
  const x = node.input(0);
  const rank = node.rank(0);
  const groups = node.int('num_groups');
  const channels = node.shape(0)![1] ?? -1;
  if (groups < 1 || groups > 65536) throw node.error(`has num_groups=${groups}`);
  const parts = node.addReshape(x, [node.sizeOf(x, 0), groups, -1]);
  const { value } = normalise(node, parts, [2], node.float('epsilon', 1e-5));
  const back = node.add('Reshape', [value, node.addShape(x)]);
  const spread = (index: number): string => {
    if (node.version >= 21 || node.shape(index)?.[0] === channels) return node.input(index);
    if (channels < 0) throw node.unsupported('of an unknown number of channels');
    const each: Element[] = [groups, channels / groups];
    const column = node.addReshape(node.input(index), [groups, 1]);
    return node.addReshape(node.add('BroadcastTo', [column, node.addVector(each)]), [channels]);
  };
  const product = node.add('Mul', [back, node.alongChannels(spread(1), rank)]);
  return node.add('AddV2', [product, node.alongChannels(spread(2), rank)]);
};

/** x / √(mean of x² + epsilon) · scale */
const rootMeanSquare: OnnxRule = (node) => {
  const rank = node.rank(0);
  const axes = node.addInts(axesFrom(node.axis(node.int('axis', -1), rank), rank));
  const mean = node.add('Mean', [node.add('Square', [node.input(0)]), axes], { keep_dims: true });
  const inverse = node.add('Rsqrt', [node.add('AddV2', [mean, node.addNumber(node.float('epsilon', 1e-5))])]);
  return node.add('Mul', [node.add('Mul', [node.input(0), inverse]), node.input(1)]);
};

/** x divided by the norm along an axis; 0 where that is 0. */
const byNorm: OnnxRule = (node) => {
  const p = node.int('p', 2);
  if (p !== 1 && p !== 2) throw node.error(`has p=${p}`);
  const axes = node.addInts([node.axis(node.int('axis', -1), node.rank(0))]);
  const powers = node.add(p === 1 ? 'Abs' : 'Square', [node.input(0)]);
  const sum = node.add('Sum', [powers, axes], { keep_dims: true });
  const norm = p === 1 ? sum : node.add('Sqrt', [sum]);
  const zero = node.add('Equal', [norm, node.addNumber(0)]);
  return node.add('RealDiv', [node.input(0), node.add('SelectV2', [zero, node.addNumber(1), norm])]);
};

/** (x − mean) / √(variance), with onnxruntime's 1e-9 against a division by 0. */
const meanVariance: OnnxRule = (node) => {
  const rank = node.rank(0);
  const axes = node.ints('axes', [0, 2, 3]).map((axis) => node.axis(axis, rank));
  const along = node.addInts(axes);
  const mean = node.add('Mean', [node.input(0), along], { keep_dims: true });
  const centred = node.add('Sub', [node.input(0), mean]);
  const variance = node.add('Mean', [node.add('Square', [centred]), along], { keep_dims: true });
  const deviation = node.add('AddV2', [node.add('Sqrt', [variance]), node.addNumber(1e-9)]);
  return node.add('RealDiv', [centred, deviation]);
};

/** TensorFlow's is along the last axis, its alpha one a channel. */
const localResponse: OnnxRule = (node) => {
  const size = node.int('size');
  if (size < 1 || size % 2 === 0 || node.rank(0) !== 4) throw node.unsupported(`with size=${size}`);
  const last = node.addTranspose(node.input(0), [0, 2, 3, 1]);
  const result = node.add('LRN', [last], {
    depth_radius: (size - 1) / 2,
    alpha: { f: node.float('alpha', 1e-4) / size },
    beta: { f: node.float('beta', 0.75) },
    bias: { f: node.float('bias', 1) },
  });
  return node.addTranspose(result, [0, 3, 1, 2]);
};

export const normalisationRules: Readonly<Record<string, OnnxRule>> = {
  BatchNormalization: batch,
  InstanceNormalization: instance,
  LayerNormalization: layer,
  GroupNormalization: group,
  RMSNormalization: rootMeanSquare,
  LpNormalization: byNorm,
  MeanVarianceNormalization: meanVariance,
  LRN: localResponse,
};
