/** How far a window reaches over the edges: pads and auto_pad of convolutions and pooling. */
import type { AttrValue } from '../../graph/graph.ts';
import type { IrTranslation } from './ir-translation.ts';

/** One direction of a window. */
export interface WindowAxis {
  readonly size: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
  readonly after: number;
  /** Length of what it slides over; -1 where open. */
  readonly length: number;
}

/** Values from the first to the last tap. */
export function reachOf({ size, dilation }: WindowAxis): number {
  return (size - 1) * dilation + 1;
}

/** The two numbers of an attribute that has one a spatial axis. */
export function pairOf(layer: IrTranslation, key: string, otherwise: readonly number[]): [number, number] {
  const list = layer.ints(key, otherwise);
  if (list.length !== 2) throw layer.unsupported(`of ${list.length} spatial axes`);
  if (list.some((value) => value < 0 || value > 65536)) throw layer.error(`has ${key}='${list.join(',')}'`);
  return list as [number, number];
}

/** All padding of a window so that there is an output for each stride (auto_pad same_*). */
export function samePadding(length: number, stride: number, reach: number): number {
  return Math.max((Math.ceil(length / stride) - 1) * stride + reach - length, 0);
}

/** The window of a layer over its first input. @param sizes of the kernel, height and width. */
export function windowOf(layer: IrTranslation, sizes: readonly [number, number]): [WindowAxis, WindowAxis] {
  const strides = pairOf(layer, 'strides', [1, 1]);
  const dilations = pairOf(layer, 'dilations', [1, 1]);
  const auto = layer.text('auto_pad', 'explicit').toLowerCase();
  const explicit = auto === 'explicit' || auto === 'notset';
  const before = explicit ? pairOf(layer, 'pads_begin', [0, 0]) : [0, 0];
  const after = explicit ? pairOf(layer, 'pads_end', [0, 0]) : [0, 0];
  if (!explicit && !['valid', 'same_upper', 'same_lower'].includes(auto)) {
    throw layer.error(`has auto_pad='${auto}'`);
  }
  const shape = layer.shape(0);
  return [0, 1].map((at): WindowAxis => {
    const [stride, dilation] = [strides[at]!, dilations[at]!];
    const length = shape?.[at + 2] ?? -1;
    if (stride < 1 || dilation < 1 || sizes[at]! < 1)
      throw layer.error('has a size, stride or dilation of 0');
    const axis = { size: sizes[at]!, stride, dilation, length, before: before[at]!, after: after[at]! };
    if (explicit || auto === 'valid') return axis;
    // With stride 1 the length does not matter.
    if (length < 0 && stride > 1) {
      if (auto === 'same_lower') throw layer.unsupported('with auto_pad=same_lower for frames of any size');
      return { ...axis, before: NaN, after: NaN };
    }
    const total = samePadding(length < 0 ? reachOf(axis) : length, stride, reachOf(axis));
    const [less, more] = [Math.floor(total / 2), Math.ceil(total / 2)];
    return auto === 'same_upper'
      ? { ...axis, before: less, after: more }
      : { ...axis, before: more, after: less };
  }) as [WindowAxis, WindowAxis];
}

/** True where this is TensorFlow's SAME: auto_pad=same_upper, or pads that come to the same. */
export function isSame(axis: WindowAxis): boolean {
  const { before, after, length, stride } = axis;
  if (Number.isNaN(before)) return true;
  if (length < 0 && stride > 1) return false;
  const total = samePadding(length < 0 ? reachOf(axis) : length, stride, reachOf(axis));
  return before === Math.floor(total / 2) && after === Math.ceil(total / 2);
}

/** The attributes padding and explicit_paddings of an NCHW node. */
export function paddingAttrs(axes: readonly WindowAxis[]): Record<string, AttrValue> {
  if (axes.every(({ before, after }) => before === 0 && after === 0)) return { padding: { s: 'VALID' } };
  if (axes.every(isSame)) return { padding: { s: 'SAME' } };
  const pads = axes.flatMap(({ before, after }) => [before, after]);
  return { padding: { s: 'EXPLICIT' }, explicit_paddings: { list: { i: [0, 0, 0, 0, ...pads] } } };
}
