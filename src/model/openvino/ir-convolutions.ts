/** Convolutions of OpenVINO's opset (NCHW, weights OIHW) as TensorFlow's (weights HWIO). */
import { intType } from '../../graph/node-builder.ts';
import type { IrRule, IrTranslation } from './ir-translation.ts';
import { paddingAttrs, reachOf, type WindowAxis } from '../channels-first/window.ts';
import { pairOf, windowOf } from './ir-window.ts';

/** Sizes of the weights, all of them known. */
function weightShape(layer: IrTranslation, rank: number): number[] {
  const shape = layer.tensor(1)?.shape ?? layer.shape(1);
  if (shape === null || shape.includes(-1)) throw layer.unsupported('with weights of unknown size');
  if (shape.length !== rank) throw layer.unsupported(`with weights of rank ${shape.length}`);
  return [...shape];
}

function windowAttrs(axes: readonly WindowAxis[]): Record<string, string | readonly number[]> {
  return {
    data_format: 'NCHW',
    strides: [1, 1, ...axes.map(({ stride }) => stride)],
    dilations: [1, 1, ...axes.map(({ dilation }) => dilation)],
  };
}

const convolution: IrRule = (layer) => {
  const shape = weightShape(layer, 4);
  const axes = windowOf(layer, [shape[2]!, shape[3]!]);
  const filter = layer.addTranspose(layer.input(1), [2, 3, 1, 0]);
  return layer.add('Conv2D', [layer.input(0), filter], { ...windowAttrs(axes), ...paddingAttrs(axes) });
};

/** Weights are [groups, outputs of one, inputs of one, height, width]. */
const groupConvolution: IrRule = (layer) => {
  const [groups, outputs, inputs, height, width] = weightShape(layer, 5) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const axes = windowOf(layer, [height, width]);
  const attrs = { ...windowAttrs(axes), ...paddingAttrs(axes) };
  if (inputs === 1) {
    // TensorFlow's depthwise: output channel = input channel · multiplier + its
    // number, as the groups stand here.
    const flat = layer.add('Reshape', [layer.input(1), layer.addInts([groups, outputs, height, width])]);
    const filter = layer.addTranspose(flat, [2, 3, 0, 1]);
    return layer.add('DepthwiseConv2dNative', [layer.input(0), filter], attrs);
  }
  if (groups > 1024) throw layer.unsupported(`of ${groups} groups`);
  const images = layer.add('Split', [layer.addInts(1), layer.input(0)], { num_split: groups });
  const weights = layer.add('Split', [layer.addInts(0), layer.input(1)], { num_split: groups });
  const part = (name: string, group: number): string => (group === 0 ? name : `${name}:${group}`);
  const results = Array.from({ length: groups }, (_, group) => {
    const size = layer.addInts([outputs, inputs, height, width]);
    const filter = layer.addTranspose(layer.add('Reshape', [part(weights, group), size]), [2, 3, 1, 0]);
    return layer.add('Conv2D', [part(images, group), filter], attrs);
  });
  return layer.add('ConcatV2', [...results, layer.addInts(1)], { N: groups });
};

/** Padding of one direction of a transposed convolution, and what is added to `(length − 1) · stride`. */
interface Backwards {
  readonly axis: WindowAxis;
  readonly extra: number;
}

/** Where the size of the result is an input, the padding follows from it. */
function backwards(
  layer: IrTranslation,
  axis: WindowAxis,
  wanted: number | undefined,
  added: number,
): Backwards {
  const { stride, length } = axis;
  const reach = reachOf(axis);
  if (wanted === undefined) {
    const pads = Number.isNaN(axis.before) || layer.text('auto_pad', 'explicit').startsWith('same');
    const { before, after } = pads ? { before: 0, after: 0 } : axis;
    return { axis: { ...axis, before, after }, extra: reach - before - after + added };
  }
  if (length < 0) throw layer.unsupported('to a fixed size for frames of any size');
  const extra = wanted - stride * (length - 1);
  const total = reach + added - extra;
  if (total < 0) throw layer.error(`cannot make ${wanted} values of ${length}`);
  const [less, more] = [Math.floor(total / 2), Math.ceil(total / 2)];
  const lower = layer.text('auto_pad', 'explicit').toLowerCase() === 'same_lower';
  return { axis: { ...axis, before: lower ? more : less, after: lower ? less : more }, extra };
}

/** True where TensorFlow's SAME gives this padding, whatever the length. */
function isSameBackwards({ axis, extra }: Backwards): boolean {
  const total = reachOf(axis) - extra;
  return extra > 0 && extra <= axis.stride && total >= 0 && axis.before === Math.floor(total / 2);
}

/** Weights are [inputs, outputs, height, width]. */
const transposedConvolution: IrRule = (layer) => {
  const shape = weightShape(layer, 4);
  const axes = windowOf(layer, [shape[2]!, shape[3]!]);
  const wanted = layer.inputs.length > 2 ? layer.constant(2, 'sizes') : [];
  const added = pairOf(layer, 'output_padding', [0, 0]);
  const parts = axes.map((axis, at) => backwards(layer, axis, wanted[at], added[at]!));
  const filter = layer.addTranspose(layer.input(1), [2, 3, 1, 0]);
  const sizes = parts.map(({ axis, extra }, at) => {
    if (axis.length >= 0) return layer.addInts((axis.length - 1) * axis.stride + extra);
    const scaled = layer.add('Mul', [layer.sizeOf(0, at + 2), layer.addInts(axis.stride)], intType);
    return layer.add('Add', [scaled, layer.addInts(extra - axis.stride)], intType);
  });
  const size = layer.add('Pack', [layer.sizeOf(0, 0), layer.addInts(shape[1]!), ...sizes], {
    ...intType,
    N: 4,
    axis: 0,
  });
  const padded = parts.map(({ axis }) => axis);
  const isSame = parts.every(isSameBackwards);
  const padding =
    isSame && padded.some(({ before, after }) => before + after > 0)
      ? { padding: 'SAME' }
      : paddingAttrs(padded.map((axis) => ({ ...axis, stride: 2, length: -1 })));
  return layer.add('Conv2DBackpropInput', [size, filter, layer.input(0)], {
    ...windowAttrs(axes),
    ...padding,
  });
};

export const convolutionLayers: Readonly<Record<string, IrRule>> = {
  Convolution: convolution,
  GroupConvolution: groupConvolution,
  ConvolutionBackpropData: transposedConvolution,
};
