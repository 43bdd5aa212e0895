/** What StridedSlice takes of each axis (tensorflow/core/util/strided_slice_op.cc). */
import { intAttr } from '../node-attrs.ts';
import type { RuleContext } from './rule-context.ts';

/** The masks have 32 bits. */
const maximumEntries = 32;

/** One input axis of a StridedSlice. */
export interface SliceAxis {
  /** First index; NaN where unknown. */
  readonly begin: number;
  readonly stride: number;
  /** Number of values; -1 where unknown. */
  readonly length: number;
  /** True where the axis is taken away (an index, not a range). */
  readonly shrink: boolean;
  /** True where begin and end are open, so that the whole axis is taken whatever its size. */
  readonly open: boolean;
}

/** The axes of a slice. */
export interface SlicePlan {
  /** One entry an input axis. */
  readonly axes: readonly SliceAxis[];
  /** The output's axes: an input axis, or 'new' for an inserted axis of size 1. */
  readonly output: readonly (number | 'new')[];
}

interface Entry {
  readonly begin: number;
  readonly end: number;
  readonly stride: number;
  readonly beginOpen: boolean;
  readonly endOpen: boolean;
  readonly shrink: boolean;
}

const whole: Entry = { begin: 0, end: 0, stride: 1, beginOpen: true, endOpen: true, shrink: false };

function sliceAxis(context: RuleContext, size: number, entry: Entry): SliceAxis {
  const { stride, shrink } = entry;
  if (stride === 0) throw context.error('has stride 0');
  const open = entry.beginOpen && entry.endOpen && stride === 1;
  if (shrink) {
    const begin = entry.begin < 0 ? (size < 0 ? NaN : entry.begin + size) : entry.begin;
    if (size >= 0 && (begin < 0 || begin >= size))
      throw context.error(`takes index ${entry.begin} of ${size} values`);
    return { begin, stride: 1, length: 1, shrink, open: false };
  }
  if (size < 0 || Number.isNaN(stride)) {
    return { begin: entry.beginOpen && stride > 0 ? 0 : NaN, stride, length: -1, shrink, open };
  }
  const [lowest, highest] = stride > 0 ? [0, size] : [-1, size - 1];
  const clamp = (index: number): number =>
    Math.min(Math.max(index < 0 ? index + size : index, lowest), highest);
  const begin = entry.beginOpen ? (stride > 0 ? lowest : highest) : clamp(entry.begin);
  const end = entry.endOpen ? (stride > 0 ? highest : lowest) : clamp(entry.end);
  const length = Math.max(0, Math.ceil((end - begin) / stride));
  return { begin, stride, length: Number.isNaN(length) ? -1 : length, shrink, open };
}

/** The plan of a StridedSlice node; undefined where the rank or the number of entries is unknown. */
export function slicePlan(context: RuleContext): SlicePlan | undefined {
  const { node } = context;
  const shape = context.shape(0);
  const count =
    context.values[1]?.data.length ?? context.values[2]?.data.length ?? context.shape(1)?.[0] ?? -1;
  if (shape === null || count < 0 || count > maximumEntries) return undefined;
  const unknown = Array.from({ length: count }, () => NaN);
  const [begin, end, stride] = [
    context.ints(1) ?? unknown,
    context.ints(2) ?? unknown,
    context.ints(3) ?? unknown,
  ];
  if (begin.length !== count || end.length !== count || stride.length !== count) {
    throw context.error('has begin, end and strides of different lengths');
  }
  const has = (mask: string, index: number): boolean => ((intAttr(node, mask, 0) >> index) & 1) === 1;
  const indexes = begin.map((_, index) => index);
  const spent = indexes.filter(
    (index) => !has('new_axis_mask', index) && !has('ellipsis_mask', index),
  ).length;
  if (spent > shape.length) throw context.error(`slices ${spent} axes of a tensor of rank ${shape.length}`);
  const axes: SliceAxis[] = [];
  const output: (number | 'new')[] = [];
  const push = (entry: Entry): void => {
    const axis = sliceAxis(context, shape[axes.length]!, entry);
    if (!axis.shrink) output.push(axes.length);
    axes.push(axis);
  };
  for (const index of indexes) {
    if (has('ellipsis_mask', index)) {
      for (let fill = shape.length - spent; fill > 0; fill--) push(whole);
    } else if (has('new_axis_mask', index)) {
      output.push('new');
    } else {
      push({
        begin: begin[index]!,
        end: end[index]!,
        stride: stride[index]!,
        beginOpen: has('begin_mask', index),
        endOpen: has('end_mask', index),
        shrink: has('shrink_axis_mask', index),
      });
    }
  }
  while (axes.length < shape.length) push(whole);
  return { axes, output };
}
