/** Conv and ConvTranspose (weights OIHW and IOHW) as TensorFlow's (weights HWIO and HWOI). */
import { intType } from '../../../graph/node-builder.ts';
import { paddingAttrs, reachOf, type WindowAxis } from '../../channels-first/window.ts';
import type { Element, OnnxRule, OnnxTranslation } from '../onnx-translation.ts';
import {
  asGiven,
  autoPadOf,
  bareWindow,
  picturesOf,
  spatialPair,
  windowOf,
  type Pictures,
} from './windows.ts';

/** Sizes of the weights, all of them known, with a height of 1 for signals. */
function weightsOf(
  node: OnnxTranslation,
  reference: string,
  { axes }: Pictures,
): { readonly reference: string; readonly sizes: readonly [number, number, number, number] } {
  const shape = node.shapeOf(reference);
  if (shape === null || shape.includes(-1)) throw node.unsupported('with weights of unknown size');
  if (shape.length !== axes + 2) throw node.error(`has weights of rank ${shape.length}`);
  if (axes === 2) return { reference, sizes: shape as unknown as [number, number, number, number] };
  const expanded = node.add('ExpandDims', [reference, node.addInts(2)]);
  return { reference: expanded, sizes: [shape[0]!, shape[1]!, 1, shape[2]!] };
}

function windowAttrs(axes: readonly WindowAxis[]): Record<string, string | readonly number[]> {
  return {
    data_format: 'NCHW',
    strides: [1, 1, ...axes.map(({ stride }) => stride)],
    dilations: [1, 1, ...axes.map(({ dilation }) => dilation)],
  };
}

function groupsOf(node: OnnxTranslation, channels: number): number {
  const groups = node.int('group', 1);
  if (groups < 1 || channels % groups !== 0) throw node.error(`has ${groups} groups of ${channels} channels`);
  return groups;
}

/** A sum of products over the first input with weights, without a bias. */
export function convolve(node: OnnxTranslation, x: Pictures, weights: string): string {
  const { reference, sizes } = weightsOf(node, weights, x);
  const [outputs, inputs, height, width] = sizes;
  const groups = groupsOf(node, outputs);
  const axes = windowOf(node, [height, width], x.lengths, x.axes);
  const attrs = { ...windowAttrs(axes), ...paddingAttrs(axes) };
  if (groups === 1 || inputs > 1) {
    const filter = node.addTranspose(reference, [2, 3, 1, 0]);
    return node.add('Conv2D', [x.reference, filter], attrs);
  }
  // TensorFlow's depthwise: output channel = input channel · multiplier + its number, as the groups stand.
  const flat = node.addReshape(reference, [groups, outputs / groups, height, width]);
  const filter = node.addTranspose(flat, [2, 3, 0, 1]);
  return node.add('DepthwiseConv2dNative', [x.reference, filter], attrs);
}

export function withBias(node: OnnxTranslation, sum: string, index: number): string {
  return node.has(index) ? node.add('BiasAdd', [sum, node.input(index)], { data_format: 'NCHW' }) : sum;
}

const convolution: OnnxRule = (node) => {
  const x = picturesOf(node);
  return asGiven(node, x, withBias(node, convolve(node, x, node.input(1)), 2));
};

/** Padding of one direction of a transposed convolution, and what is added to `(length − 1) · stride`. */
interface Backwards {
  readonly axis: WindowAxis;
  readonly extra: number;
}

/**
 * As ComputeTransposePadsAndOutputShape of onnxruntime (core/providers/cpu/nn/conv_transpose_attributes.h):
 * auto_pad takes away what goes beyond length · stride; a given size has its padding follow from it.
 */
function backwards(
  node: OnnxTranslation,
  axis: WindowAxis,
  added: number,
  wanted: number | undefined,
): Backwards {
  const auto = autoPadOf(node);
  const { stride, length } = axis;
  const whole = reachOf(axis) + added;
  if (wanted === undefined && (auto === 'NOTSET' || auto === 'VALID')) {
    return { axis, extra: whole - axis.before - axis.after };
  }
  if (wanted !== undefined && length < 0) throw node.unsupported('to a fixed size for frames of any size');
  const extra = wanted === undefined ? stride : wanted - stride * (length - 1);
  const total = Math.max(0, whole - extra);
  const [less, more] = [Math.floor(total / 2), Math.ceil(total / 2)];
  const [before, after] = auto === 'SAME_UPPER' ? [less, more] : [more, less];
  return { axis: { ...axis, before, after }, extra: wanted === undefined ? whole - total : extra };
}

/** True where TensorFlow's SAME gives this padding, whatever the length. */
function isSameBackwards({ axis, extra }: Backwards): boolean {
  const total = reachOf(axis) - extra;
  return extra > 0 && extra <= axis.stride && total >= 0 && axis.before === Math.floor(total / 2);
}

function scaled(node: OnnxTranslation, x: Pictures, { axis, extra }: Backwards, at: number): Element {
  if (axis.length >= 0) return (axis.length - 1) * axis.stride + extra;
  const size = node.sizeOf(x.reference, at) as string;
  const product = node.add('Mul', [size, node.addInts(axis.stride)], intType);
  return node.add('Add', [product, node.addInts(extra - axis.stride)], intType);
}

const transposedConvolution: OnnxRule = (node) => {
  const x = picturesOf(node);
  const { reference, sizes } = weightsOf(node, node.input(1), x);
  const [inputs, outputs, height, width] = sizes;
  const groups = groupsOf(node, inputs);
  const bare = bareWindow(node, [height, width], x.lengths, x.axes);
  const added = spatialPair(node, 'output_padding', x.axes, 0);
  const wanted = node.ints('output_shape').slice(-x.axes);
  const pair = wanted.length === 0 ? [] : x.axes === 1 ? [1, wanted[0]] : wanted;
  const parts = bare.map((axis, at) => backwards(node, axis, added[at]!, pair[at]));
  const filter = node.addTranspose(reference, [2, 3, 1, 0]);
  const size = node.addVector([
    node.sizeOf(x.reference, 0),
    outputs * groups,
    ...parts.map((part, at) => scaled(node, x, part, at + 2)),
  ]);
  const padded = parts.map(({ axis }) => axis);
  const same = parts.every(isSameBackwards) && padded.some(({ before, after }) => before + after > 0);
  // The forward convolution's length is not that of this input: only its pads count.
  const padding = same
    ? { padding: 'SAME' }
    : paddingAttrs(padded.map((axis) => ({ ...axis, stride: 2, length: -1 })));
  const attrs = { ...windowAttrs(padded), ...padding };
  const sum = node.add('Conv2DBackpropInput', [size, filter, x.reference], attrs);
  return asGiven(node, x, withBias(node, sum, 2));
};

export const convolutionRules: Readonly<Record<string, OnnxRule>> = {
  Conv: convolution,
  ConvTranspose: transposedConvolution,
};
