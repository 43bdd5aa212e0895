/** Convolutions and pools by their definitions, tap by tap (tensorflow/core/util/padding.h, conv_ops.cc). */
import type { GraphNode } from '../../graph/graph.ts';
import { floatAttr, intsAttr, stringAttr, stringsAttr } from '../../graph/node-attrs.ts';
import { unaryFunctions } from './reference-elementwise.test-support.ts';
import { at, filled, type PlainOp, type PlainTensor } from './reference-tensor.test-support.ts';

/** One direction of a window that slides over `input` values. */
export interface Slide {
  readonly taps: number;
  readonly stride: number;
  readonly dilation: number;
  readonly output: number;
  /** Values before the first that the first window covers. */
  readonly before: number;
}

/**
 * TensorFlow's padding. SAME: `ceil(input / stride)` outputs, and as much padding as their windows need, the
 * smaller half before. VALID: windows inside only. EXPLICIT: padding as given.
 */
export function slideOf(
  padding: string,
  input: number,
  { taps, stride, dilation }: Pick<Slide, 'taps' | 'stride' | 'dilation'>,
  explicit: readonly [number, number] = [0, 0],
): Slide {
  const reach = (taps - 1) * dilation + 1;
  if (padding === 'SAME') {
    const output = Math.ceil(input / stride);
    const needed = Math.max((output - 1) * stride + reach - input, 0);
    return { taps, stride, dilation, output, before: Math.floor(needed / 2) };
  }
  const [before, after] = padding === 'EXPLICIT' ? explicit : [0, 0];
  return { taps, stride, dilation, output: Math.ceil((input + before + after - reach + 1) / stride), before };
}

/** Both directions of a node's window over an image `[n, height, width, channels]`. */
export function slidesOf(
  node: GraphNode,
  image: readonly number[],
  taps: readonly [number, number],
): [Slide, Slide] {
  const pads = intsAttr(node, 'explicit_paddings');
  const one = (axis: 1 | 2): Slide =>
    slideOf(
      stringAttr(node, 'padding', 'VALID'),
      image[axis]!,
      {
        taps: taps[axis - 1]!,
        stride: intsAttr(node, 'strides')[axis] ?? 1,
        dilation: intsAttr(node, 'dilations')[axis] ?? 1,
      },
      [pads[2 * axis] ?? 0, pads[2 * axis + 1] ?? 0],
    );
  return [one(1), one(2)];
}

const inputAt = ({ stride, dilation, before }: Slide, output: number, tap: number): number =>
  output * stride + tap * dilation - before;

/** The bias and the activation that a converter has fused into a node. */
function finished(node: GraphNode, inputs: readonly PlainTensor[], sum: number, channel: number): number {
  const [bias, activation] = stringsAttr(node, 'fused_ops');
  const shifted = bias === undefined ? sum : sum + inputs[2]!.data[channel]!;
  if (activation === undefined) return shifted;
  if (activation === 'Prelu') return shifted > 0 ? shifted : inputs[3]!.data[channel]! * shifted;
  return unaryFunctions[activation]!(shifted, Math.fround(floatAttr(node, 'leakyrelu_alpha', 0.2)));
}

/** Taps outside the image count as 0, also where a weight is infinite or NaN: they are left out. */
function sumOfTaps(
  slides: readonly [Slide, Slide],
  image: readonly number[],
  y: number,
  x: number,
  tap: Tap,
): number {
  let sum = 0;
  for (let ky = 0; ky < slides[0].taps; ky++) {
    const row = inputAt(slides[0], y, ky);
    if (row < 0 || row >= image[1]!) continue;
    for (let kx = 0; kx < slides[1].taps; kx++) {
      const column = inputAt(slides[1], x, kx);
      if (column >= 0 && column < image[2]!) sum += tap(row, column, ky, kx);
    }
  }
  return sum;
}

type Tap = (row: number, column: number, ky: number, kx: number) => number;

/** Fewer channels in the filter than in the image make groups. */
const convolution: PlainOp = (node, inputs) => {
  const [image, filter] = inputs as [PlainTensor, PlainTensor];
  const [rows, columns, depth, outputs] = filter.shape as [number, number, number, number];
  const slides = slidesOf(node, image.shape, [rows, columns]);
  const perGroup = outputs / (image.shape[3]! / depth);
  return [
    filled('float32', [image.shape[0]!, slides[0].output, slides[1].output, outputs], (position) => {
      const [n, y, x, o] = position as [number, number, number, number];
      const first = Math.floor(o / perGroup) * depth;
      const sum = sumOfTaps(slides, image.shape, y, x, (row, column, ky, kx) => {
        let taps = 0;
        for (let k = 0; k < depth; k++)
          taps += at(image, [n, row, column, first + k]) * at(filter, [ky, kx, k, o]);
        return taps;
      });
      return finished(node, inputs, sum, o);
    }),
  ];
};

const depthwise: PlainOp = (node, inputs) => {
  const [image, filter] = inputs as [PlainTensor, PlainTensor];
  const [rows, columns, depth, times] = filter.shape as [number, number, number, number];
  const slides = slidesOf(node, image.shape, [rows, columns]);
  return [
    filled('float32', [image.shape[0]!, slides[0].output, slides[1].output, depth * times], (position) => {
      const [n, y, x, o] = position as [number, number, number, number];
      const channel = Math.floor(o / times);
      const tap: Tap = (row, column, ky, kx) =>
        at(image, [n, row, column, channel]) * at(filter, [ky, kx, channel, o % times]);
      return finished(node, inputs, sumOfTaps(slides, image.shape, y, x, tap), o);
    }),
  ];
};

/** The gradient of the convolution that goes from the output's size to the input's: every value is spread. */
const transposed: PlainOp = (node, [sizes, filter, image]) => {
  const [rows, columns, each, inputs] = filter!.shape as [number, number, number, number];
  const shape = sizes!.data;
  const groups = shape[3]! / each;
  const depth = inputs / groups;
  const slides = slidesOf(node, shape, [rows, columns]);
  /** The tap that joins an input to an output; NaN for none. */
  const tapOf = (axis: 0 | 1, output: number, input: number, taps: number): number => {
    const tap = (output - inputAt(slides[axis], input, 0)) / slides[axis].dilation;
    return Number.isInteger(tap) && tap >= 0 && tap < taps ? tap : NaN;
  };
  return [
    filled('float32', shape, (position) => {
      const [n, y, x, o] = position as [number, number, number, number];
      let sum = 0;
      for (let row = 0; row < image!.shape[1]!; row++) {
        const ky = tapOf(0, y, row, rows);
        if (Number.isNaN(ky)) continue;
        for (let column = 0; column < image!.shape[2]!; column++) {
          const kx = tapOf(1, x, column, columns);
          if (Number.isNaN(kx)) continue;
          const first = Math.floor(o / each) * depth;
          for (let k = first; k < first + depth; k++)
            sum += at(image!, [n, row, column, k]) * at(filter!, [ky, kx, o % each, k]);
        }
      }
      return sum;
    }),
  ];
};

/** An average is of the taps inside the image; NaN in a window stays. */
const pool: PlainOp = (node, [image]) => {
  const [, rows = 1, columns = 1] = intsAttr(node, 'ksize');
  const slides = slidesOf(node, image!.shape, [rows, columns]);
  const [n, , , channels] = image!.shape as [number, number, number, number];
  return [
    filled(image!.dtype, [n, slides[0].output, slides[1].output, channels], (position) => {
      const [item, y, x, channel] = position as [number, number, number, number];
      const inside: number[] = [];
      sumOfTaps(slides, image!.shape, y, x, (row, column) =>
        inside.push(at(image!, [item, row, column, channel])),
      );
      if (node.op === 'MaxPool') return Math.max(...inside);
      return inside.reduce((sum, value) => sum + value, 0) / inside.length;
    }),
  ];
};

/** The greyscale dilation: the maximum of value + weight over the taps inside. */
const dilation2d: PlainOp = (node, [image, filter]) => {
  const [rows, columns] = filter!.shape as [number, number, number];
  const attrs = { ...node.attrs, dilations: node.attrs['rates']! };
  const slides = slidesOf({ ...node, attrs }, image!.shape, [rows, columns]);
  const [n, , , channels] = image!.shape as [number, number, number, number];
  return [
    filled('float32', [n, slides[0].output, slides[1].output, channels], (position) => {
      const [item, y, x, channel] = position as [number, number, number, number];
      const inside: number[] = [];
      sumOfTaps(slides, image!.shape, y, x, (row, column, ky, kx) =>
        inside.push(at(image!, [item, row, column, channel]) + at(filter!, [ky, kx, channel])),
      );
      return Math.max(...inside);
    }),
  ];
};

/** The reference of every op with a window. */
export const windowOps: Readonly<Record<string, PlainOp>> = {
  Conv2D: convolution,
  _FusedConv2D: convolution,
  DepthwiseConv2d: depthwise,
  DepthwiseConv2dNative: depthwise,
  FusedDepthwiseConv2dNative: depthwise,
  Conv2DBackpropInput: transposed,
  MaxPool: pool,
  AvgPool: pool,
  Dilation2D: dilation2d,
};
