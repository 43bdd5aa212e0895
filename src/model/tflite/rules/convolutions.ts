/** Convolutions and matrix products. Weights are constants, NHWC pictures stay as they are. */
import type { Tensor } from '../../../graph/graph.ts';
import { transposed } from '../transposed.ts';
import type { TfliteRule, TfliteTranslation } from '../tflite-translation.ts';
import { activated } from './fused-activation.ts';

const paddings = ['SAME', 'VALID'] as const;

/** Strides and padding, which the options of all of these have first: padding, stride_w, stride_h. */
export function windowAttrs(node: TfliteTranslation): { strides: number[]; padding: string } {
  const { options } = node;
  const padding = paddings[options?.int8(0) ?? 0];
  if (padding === undefined) throw node.error('has a padding that is not known');
  return { strides: [1, options?.int32(2) ?? 0, options?.int32(1) ?? 0, 1], padding };
}

/** dilation_w and dilation_h. */
function dilationsOf({ options }: TfliteTranslation, width: number): number[] {
  return [1, options?.int32(width + 1, 1) ?? 1, options?.int32(width, 1) ?? 1, 1];
}

function biased(node: TfliteTranslation, value: string, index: number): string {
  return node.has(index) ? node.add('BiasAdd', [value, node.input(index)]) : value;
}

function weightsOf(node: TfliteTranslation, index: number, rank: number): Tensor {
  const weights = node.constant(index, 'weights');
  if (weights.shape.length !== rank) throw node.error(`has weights of ${weights.shape.length} dimensions`);
  return weights;
}

/** Weights are out, height, width, in. */
const convolution: TfliteRule = (node) => {
  const weights = node.addTensor(transposed(weightsOf(node, 1, 4), [1, 2, 3, 0]));
  const attrs = { ...windowAttrs(node), dilations: dilationsOf(node, 4), data_format: 'NHWC' };
  return activated(node, biased(node, node.add('Conv2D', [node.input(0), weights], attrs), 2), 3);
};

/** Weights are 1, height, width, in · multiplier. */
const depthwise: TfliteRule = (node) => {
  const { dtype, shape, data } = weightsOf(node, 1, 4);
  const [, height, width, channels] = shape as [number, number, number, number];
  const inputs = node.shape(0).at(-1) ?? -1;
  if (inputs <= 0 || channels % inputs !== 0) {
    throw node.error(`has ${channels} channels of weights for ${inputs} of its input`);
  }
  const weights = node.addTensor({ dtype, shape: [height, width, inputs, channels / inputs], data });
  const attrs = { ...windowAttrs(node), dilations: dilationsOf(node, 5), data_format: 'NHWC' };
  const sum = node.add('DepthwiseConv2dNative', [node.input(0), weights], attrs);
  return activated(node, biased(node, sum, 2), 4);
};

/** Inputs: size of the output, weights (out, height, width, in), picture, bias. */
const transposeConvolution: TfliteRule = (node) => {
  const weights = node.addTensor(transposed(weightsOf(node, 1, 4), [1, 2, 0, 3]));
  const attrs = { ...windowAttrs(node), dilations: [1, 1, 1, 1], data_format: 'NHWC' };
  const size = node.addInts(node.ints(0, 'sizes'));
  const sum = node.add('Conv2DBackpropInput', [size, weights, node.input(2)], attrs);
  return activated(node, biased(node, sum, 3), 3);
};

/**
 * MediaPipe's operator (mediapipe/util/tflite/operations/transpose_conv_bias.cc): its options are three
 * int32: padding (1 is SAME, 2 is VALID), stride_w, stride_h.
 */
const transposeConvolutionWithBias: TfliteRule = (node) => {
  const given = node.operator.customOptions;
  if (given.length < 12) throw node.error(`has ${given.length} bytes of options`);
  const view = new DataView(given.buffer, given.byteOffset, given.byteLength);
  const [padding, strideX, strideY] = [0, 4, 8].map((at) => view.getInt32(at, true)) as [
    number,
    number,
    number,
  ];
  const weights = weightsOf(node, 1, 4);
  const [outputs, kernelY, kernelX] = weights.shape as [number, number, number, number];
  const [batch, height, width] = node.shape(0) as [number, number, number, number];
  if (height < 0 || width < 0) throw node.unsupported('of open sizes');
  const reach = (kernel: number, stride: number): number =>
    padding === 1 ? 0 : Math.max(kernel - stride, 0);
  const size = [
    Math.max(batch, 1),
    height * strideY + reach(kernelY, strideY),
    width * strideX + reach(kernelX, strideX),
    outputs,
  ];
  const sum = node.add(
    'Conv2DBackpropInput',
    [node.addInts(size), node.addTensor(transposed(weights, [1, 2, 0, 3])), node.input(0)],
    {
      strides: [1, strideY, strideX, 1],
      dilations: [1, 1, 1, 1],
      padding: padding === 1 ? 'SAME' : 'VALID',
      data_format: 'NHWC',
    },
  );
  return biased(node, sum, 2);
};

/** Weights are out, in; whatever is in front of the last dimension counts as rows. */
const fullyConnected: TfliteRule = (node) => {
  const { options } = node;
  if ((options?.int8(1) ?? 0) !== 0) throw node.unsupported('with shuffled weights');
  const weights = weightsOf(node, 1, 2);
  const [outputs, inputs] = weights.shape as [number, number];
  const shape = node.shape(0);
  const rows = node.add('Reshape', [node.input(0), node.addInts([-1, inputs])]);
  const sum = node.add('MatMul', [rows, node.addTensor(transposed(weights, [1, 0]))]);
  const result = activated(node, biased(node, sum, 2), 0);
  if (options?.flag(2) !== true || shape.length === 2) return result;
  return node.add('Reshape', [result, node.addInts([-1, ...shape.slice(1, -1), outputs])]);
};

const product: TfliteRule = (node) =>
  node.add('BatchMatMulV2', [node.input(0), node.input(1)], {
    adj_x: node.options?.flag(0) ?? false,
    adj_y: node.options?.flag(1) ?? false,
  });

export const convolutionRules: Readonly<Record<string, TfliteRule>> = {
  CONV_2D: convolution,
  DEPTHWISE_CONV_2D: depthwise,
  TRANSPOSE_CONV: transposeConvolution,
  Convolution2DTransposeBias: transposeConvolutionWithBias,
  FULLY_CONNECTED: fullyConnected,
  BATCH_MATMUL: product,
};
