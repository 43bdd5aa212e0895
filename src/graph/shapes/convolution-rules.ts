/** Shape rules of convolutions and pooling (tensorflow/core/framework/common_shape_fns.cc). */
import type { GraphNode, Shape } from '../graph.ts';
import { boolAttr, intsAttr, stringAttr } from '../node-attrs.ts';
import type { RuleContext, ShapeRule } from './rule-context.ts';
import { compatible, dimension, sizesOf } from './rule-context.ts';

interface Image {
  readonly n: number;
  readonly h: number;
  readonly w: number;
  readonly c: number;
}

/** True for channels-first nodes. */
export function isChannelsFirst(context: RuleContext): boolean {
  return stringAttr(context.node, 'data_format', 'NHWC').toUpperCase() === 'NCHW';
}

function image(shape: readonly number[], channelsFirst: boolean): Image {
  const [n, a, b, c] = shape as [number, number, number, number];
  return channelsFirst ? { n, c: a, h: b, w: c } : { n, h: a, w: b, c };
}

function imageShape({ n, h, w, c }: Image, channelsFirst: boolean): number[] {
  return channelsFirst ? [n, c, h, w] : [n, h, w, c];
}

/** The two spatial entries of a list attribute that has one entry a dimension. */
function spatial(list: readonly number[], channelsFirst: boolean, otherwise: number): [number, number] {
  const first = channelsFirst ? 2 : 1;
  return list.length === 4 ? [list[first]!, list[first + 1]!] : [otherwise, otherwise];
}

/** One direction of a window. */
export interface Window {
  readonly size: number;
  readonly stride: number;
  readonly dilation: number;
  /** Explicit padding before and after. */
  readonly pads: readonly [number, number];
}

/** Output length of a window that slides over `length` values (GetWindowedOutputSize). */
function windowed(context: RuleContext, length: number, window: Window, padding: string): number {
  const { size, stride, dilation, pads } = window;
  if (length < 0 || size < 0) return -1;
  if (stride < 1 || dilation < 1) throw context.error(`has stride ${stride} and dilation ${dilation}`);
  if (padding === 'SAME') return Math.ceil(length / stride);
  const reach = (size - 1) * dilation + 1;
  const padded = length + (padding === 'EXPLICIT' ? pads[0] + pads[1] : 0);
  const output = Math.floor((padded - reach) / stride) + 1;
  if (output < 1) {
    throw context.error(
      `reaches over ${reach} values, but its input has only ${padded}: the frame is too small`,
    );
  }
  return output;
}

/** Height and width of a WindowPool. */
export function poolWindows(node: GraphNode, channelsFirst = false): [Window, Window] {
  const [size, stride, dilation] = ['ksize', 'strides', 'dilations'].map((name) =>
    spatial(intsAttr(node, name), channelsFirst, 1),
  ) as [[number, number], [number, number], [number, number]];
  const pads = intsAttr(node, 'explicit_paddings');
  const first = channelsFirst ? 4 : 2;
  const window = (axis: 0 | 1): Window => ({
    size: size[axis],
    stride: stride[axis],
    dilation: dilation[axis],
    pads: [pads[first + 2 * axis] ?? 0, pads[first + 2 * axis + 1] ?? 0],
  });
  return [window(0), window(1)];
}

function slide(context: RuleContext, input: Image, size: readonly [number, number], dilated: boolean): Image {
  const { node } = context;
  const channelsFirst = isChannelsFirst(context);
  const padding = stringAttr(node, 'padding', 'VALID').toUpperCase();
  if (!['SAME', 'VALID', 'EXPLICIT'].includes(padding)) throw context.error(`has padding '${padding}'`);
  const strides = spatial(intsAttr(node, 'strides'), channelsFirst, 1);
  const dilations = dilated ? spatial(intsAttr(node, 'dilations'), channelsFirst, 1) : ([1, 1] as const);
  const pads = intsAttr(node, 'explicit_paddings');
  const first = channelsFirst ? 4 : 2;
  const window = (axis: 0 | 1): Window => ({
    size: size[axis],
    stride: strides[axis],
    dilation: dilations[axis],
    pads: [pads[first + 2 * axis] ?? 0, pads[first + 2 * axis + 1] ?? 0],
  });
  return {
    ...input,
    h: windowed(context, input.h, window(0), padding),
    w: windowed(context, input.w, window(1), padding),
  };
}

function checkChannels(context: RuleContext, input: Image, expected: number): void {
  if (!compatible(input.c, expected)) {
    throw context.error(`has weights for ${expected} input channels, but its input has ${input.c}`);
  }
}

/** Weights of `inputs` channels a group and `outputs` in all: both sides are made of whole groups. */
function checkGroups(context: RuleContext, input: Image, inputs: number, outputs: number): void {
  const groups = input.c / inputs;
  if (input.c < 0 || inputs < 1) return;
  if (!Number.isInteger(groups)) checkChannels(context, input, inputs);
  if (outputs >= 0 && outputs % groups !== 0) {
    throw context.error(`has weights for ${outputs} output channels in ${groups} groups`);
  }
}

const unknownImage: Image = { n: -1, h: -1, w: -1, c: -1 };

function convolve(
  context: RuleContext,
  channels: (filter: readonly number[], input: Image) => number,
): Shape[] {
  const channelsFirst = isChannelsFirst(context);
  const filter = context.ranked(1, 4) ?? [-1, -1, -1, -1];
  const shape = context.ranked(0, 4);
  const input = shape === null ? unknownImage : image(shape, channelsFirst);
  const output = slide(context, input, [filter[0]!, filter[1]!], true);
  return [imageShape({ ...output, c: channels(filter, input) }, channelsFirst)];
}

/** The weights have the input channels of one group: all of them, or a part. */
const conv2D: ShapeRule = (context) =>
  convolve(context, (filter, input) => {
    checkGroups(context, input, filter[2]!, filter[3]!);
    return filter[3]!;
  });

const depthwise: ShapeRule = (context) =>
  convolve(context, (filter, input) => {
    checkChannels(context, input, filter[2]!);
    return dimension((inputs, times) => inputs * times, filter[2]!, filter[3]!);
  });

const pool: ShapeRule = (context) => {
  const channelsFirst = isChannelsFirst(context);
  const shape = context.ranked(0, 4);
  const size = spatial(intsAttr(context.node, 'ksize'), channelsFirst, -1);
  return [
    imageShape(slide(context, image(shape ?? [-1, -1, -1, -1], channelsFirst), size, false), channelsFirst),
  ];
};

/** Transposed convolution: the output's size is its first input. */
const conv2DBackpropInput: ShapeRule = (context) => {
  const channelsFirst = isChannelsFirst(context);
  const filter = context.ranked(1, 4) ?? [-1, -1, -1, -1];
  const shape = context.ranked(2, 4);
  const input = shape === null ? unknownImage : image(shape, channelsFirst);
  checkChannels(context, input, filter[3]!);
  const given = context.ints(0);
  if (given === undefined) return [imageShape({ n: input.n, h: -1, w: -1, c: filter[2]! }, channelsFirst)];
  if (given.length !== 4) throw context.error(`has an output shape of ${given.length} numbers instead of 4`);
  const output = image(sizesOf(given), channelsFirst);
  if (!compatible(output.n, input.n)) {
    throw context.error(`has output shape batch ${output.n}, but its input has batch ${input.n}`);
  }
  const groups = output.c < 0 || filter[2]! < 1 ? 1 : output.c / filter[2]!;
  if (!Number.isInteger(groups) || (filter[3]! >= 0 && filter[3]! % groups !== 0)) {
    throw context.error(`has an output shape of ${output.c} channels, but weights for ${filter[2]!}`);
  }
  const back = slide(context, output, [filter[0]!, filter[1]!], true);
  if (!compatible(back.h, input.h) || !compatible(back.w, input.w)) {
    throw context.error(`cannot make ${output.h} rows of ${output.w} from ${input.h} rows of ${input.w}`);
  }
  return [
    imageShape(
      { ...output, n: output.n < 0 ? input.n : output.n, c: output.c < 0 ? filter[2]! : output.c },
      channelsFirst,
    ),
  ];
};

/** Outputs of a pool along one axis: what onnxruntime gives (onnx/defs/nn/defs.cc and its own ceil_mode). */
export function pooled(length: number, window: Window, ceil: boolean): number {
  const { size, stride, dilation, pads } = window;
  const room = length + pads[0] + pads[1] - (size - 1) * dilation - 1;
  const count = (ceil ? Math.ceil(room / stride) : Math.floor(room / stride)) + 1;
  // A window that starts in the padding behind is left out.
  return ceil && (count - 1) * stride >= length + pads[0] ? count - 1 : count;
}

const windowPool: ShapeRule = (context) => {
  const channelsFirst = isChannelsFirst(context);
  const shape = context.ranked(0, 4);
  const { n, h, w, c } = image(shape ?? [-1, -1, -1, -1], channelsFirst);
  const axes = poolWindows(context.node, channelsFirst);
  const ceil = boolAttr(context.node, 'ceil_mode', false);
  const [height, width] = [h, w].map((length, axis) => {
    const window = axes[axis]!;
    if (!(window.size >= 1 && window.stride >= 1 && window.dilation >= 1))
      throw context.error('has a window, stride or dilation below 1');
    const count = dimension((size) => pooled(size, window, ceil), length);
    if (length >= 0 && count < 1)
      throw context.error(`has no window in ${length} values: the frame is too small`);
    return count;
  });
  return [imageShape({ n, h: height!, w: width!, c }, channelsFirst)];
};

const biasAdd: ShapeRule = (context) => {
  const shape = context.shape(0);
  const bias = context.ranked(1, 1);
  if (shape !== null && bias !== null && shape.length > 0) {
    const channels = isChannelsFirst(context) ? shape[1]! : shape.at(-1)!;
    if (!compatible(channels, bias[0]!)) {
      throw context.error(`has ${bias[0]!} values for an input of ${channels} channels`);
    }
  }
  return [shape];
};

const fusedBatchNorm: ShapeRule = (context) => {
  const shape = context.ranked(0, 4);
  const scale = context.ranked(1, 1);
  const channels = shape === null ? -1 : image(shape, isChannelsFirst(context)).c;
  if (scale !== null && !compatible(scale[0]!, channels)) {
    throw context.error(`has ${scale[0]!} scales for an input of ${channels} channels`);
  }
  return [shape, scale, scale, scale, scale, null];
};

export const convolutionRules: Readonly<Record<string, ShapeRule>> = {
  Conv2D: conv2D,
  _FusedConv2D: conv2D,
  DepthwiseConv2d: depthwise,
  DepthwiseConv2dNative: depthwise,
  FusedDepthwiseConv2dNative: depthwise,
  Conv2DBackpropInput: conv2DBackpropInput,
  MaxPool: pool,
  AvgPool: pool,
  WindowPool: windowPool,
  BiasAdd: biasAdd,
  BiasAddV1: biasAdd,
  FusedBatchNorm: fusedBatchNorm,
  FusedBatchNormV2: fusedBatchNorm,
  FusedBatchNormV3: fusedBatchNorm,
};
