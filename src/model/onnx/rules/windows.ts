/** Windows of convolutions and pooling: kernel, strides, dilations, pads and auto_pad. */
import { reachOf, samePadding, type WindowAxis } from '../../channels-first/window.ts';
import type { OnnxTranslation } from '../onnx-translation.ts';

/** What of a window goes beyond these numbers occurs only in damaged files. */
const maximumWindow = 65536;

type Pair = readonly [number, number];

/** One number a spatial axis; of a single axis the other one is of size 1. */
export function spatialPair(
  node: OnnxTranslation,
  name: string,
  axes: number,
  otherwise: number,
  single = otherwise,
): [number, number] {
  const list = node.ints(name, Array<number>(axes).fill(otherwise));
  const given = list.length === 0 ? Array<number>(axes).fill(otherwise) : list;
  if (given.length !== axes) throw node.error(`has ${given.length} ${name} for ${axes} axes`);
  if (given.some((value) => value < 0 || value > maximumWindow)) {
    throw node.error(`has ${name}=${given.join(', ')}`);
  }
  return axes === 1 ? [single, given[0]!] : [given[0]!, given[1]!];
}

/** Pads in front and behind of height and width. */
export function padsOf(node: OnnxTranslation, axes: number): [Pair, Pair] {
  const list = node.ints('pads');
  const given = list.length === 0 ? Array<number>(2 * axes).fill(0) : list;
  if (given.length !== 2 * axes || given.some((value) => Math.abs(value) > maximumWindow)) {
    throw node.error(`has pads=${given.join(', ')} for ${axes} axes`);
  }
  if (given.some((value) => value < 0)) throw node.unsupported('with negative pads');
  return axes === 1
    ? [
        [0, 0],
        [given[0]!, given[1]!],
      ]
    : [
        [given[0]!, given[2]!],
        [given[1]!, given[3]!],
      ];
}

export type AutoPad = 'NOTSET' | 'VALID' | 'SAME_UPPER' | 'SAME_LOWER';

export function autoPadOf(node: OnnxTranslation): AutoPad {
  const given = node.text('auto_pad', 'NOTSET') || 'NOTSET';
  const known = (['NOTSET', 'VALID', 'SAME_UPPER', 'SAME_LOWER'] as const).find((name) => name === given);
  if (known === undefined) throw node.error(`has auto_pad='${given}'`);
  return known;
}

/** A window without the padding that auto_pad asks for. */
export function bareWindow(
  node: OnnxTranslation,
  sizes: Pair,
  lengths: Pair,
  axes: number,
): [WindowAxis, WindowAxis] {
  const strides = spatialPair(node, 'strides', axes, 1);
  const dilations = spatialPair(node, 'dilations', axes, 1);
  if ([...sizes, ...strides, ...dilations].some((value) => value < 1 || value > maximumWindow)) {
    throw node.error('has a size, stride or dilation of 0');
  }
  const pads =
    autoPadOf(node) === 'NOTSET'
      ? padsOf(node, axes)
      : ([
          [0, 0],
          [0, 0],
        ] as const);
  return [0, 1].map((at) => ({
    size: sizes[at]!,
    stride: strides[at]!,
    dilation: dilations[at]!,
    length: lengths[at]!,
    before: pads[at]![0],
    after: pads[at]![1],
  })) as [WindowAxis, WindowAxis];
}

/**
 * The window of a node over pictures. Where the length is open, SAME_UPPER is a padding of NaN, which stands
 * for TensorFlow's SAME.
 */
export function windowOf(
  node: OnnxTranslation,
  sizes: Pair,
  lengths: Pair,
  axes: number,
): [WindowAxis, WindowAxis] {
  const auto = autoPadOf(node);
  const bare = bareWindow(node, sizes, lengths, axes);
  if (auto === 'NOTSET' || auto === 'VALID') return bare;
  return bare.map((axis) => {
    const { length, stride } = axis;
    // With stride 1 the length does not matter.
    if (length < 0 && stride > 1) {
      if (auto === 'SAME_LOWER') throw node.unsupported('with auto_pad=SAME_LOWER for frames of any size');
      return { ...axis, before: NaN, after: NaN };
    }
    const total = samePadding(length < 0 ? reachOf(axis) : length, stride, reachOf(axis));
    const [less, more] = [Math.floor(total / 2), Math.ceil(total / 2)];
    return auto === 'SAME_UPPER'
      ? { ...axis, before: less, after: more }
      : { ...axis, before: more, after: less };
  }) as [WindowAxis, WindowAxis];
}

/** A signal, or a picture, as pictures: a signal `[n, c, length]` is one of a single row. */
export interface Pictures {
  readonly reference: string;
  /** Height and width, -1 where open. */
  readonly lengths: Pair;
  /** Number of spatial axes of the original: 1 or 2. */
  readonly axes: number;
}

/** The first input as pictures. */
export function picturesOf(node: OnnxTranslation, index = 0): Pictures {
  const reference = node.input(index);
  const rank = node.rankOf(reference);
  if (rank !== 3 && rank !== 4) throw node.unsupported(`of a tensor of rank ${rank}`);
  const shape = node.shapeOf(reference)!;
  if (rank === 4) return { reference, lengths: [shape[2]!, shape[3]!], axes: 2 };
  const picture = node.add('ExpandDims', [reference, node.addInts(2)]);
  return { reference: picture, lengths: [1, shape[2]!], axes: 1 };
}

/** Pictures back as signals, where they were some. */
export function asGiven(node: OnnxTranslation, { axes }: Pictures, result: string): string {
  return axes === 2 ? result : node.add('Squeeze', [result], { squeeze_dims: [2] });
}
