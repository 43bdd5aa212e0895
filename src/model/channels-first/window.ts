/** How far a window of a channels-first picture reaches over its edges. */
import type { AttrValue } from '../../graph/graph.ts';

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

/** All padding of a window so that there is an output for each stride (auto_pad same_*). */
export function samePadding(length: number, stride: number, reach: number): number {
  return Math.max((Math.ceil(length / stride) - 1) * stride + reach - length, 0);
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
