/** Shape rules of ops that rearrange, join, cut and create tensors. */
import type { Shape } from '../graph.ts';
import { constTensor, intAttr, intsAttr } from '../node-attrs.ts';
import { elementCount, formatShape, isFullyKnown } from '../tensor-storage.ts';
import type { RuleContext, ShapeRule } from './rule-context.ts';
import { compatible, dimension, sizesOf } from './rule-context.ts';
import { slicePlan } from './slice-range.ts';

/** Ranks and numbers of parts above these occur only in damaged files. */
const maximumRank = 32;
const maximumParts = 65536;

/** The number of outputs that an attribute asks for. */
function partCount(context: RuleContext, name: string): number {
  const count = intAttr(context.node, name, 1);
  if (count < 0 || count > maximumParts) throw context.error(`has ${count} outputs`);
  return count;
}

const reshape: ShapeRule = (context) => {
  const shape = context.shape(0);
  const target = context.ints(1);
  if (target === undefined) {
    const rank = context.shape(1)?.[0] ?? -1;
    return [rank < 0 || rank > maximumRank ? null : Array.from({ length: rank }, () => -1)];
  }
  const open = target.indexOf(-1);
  if (open !== target.lastIndexOf(-1)) throw context.error('has two sizes of -1 in its shape');
  const sizes = sizesOf(target);
  const rest = target.filter((_, axis) => axis !== open);
  if (!isFullyKnown(shape) || rest.some(Number.isNaN)) return [sizes];
  const [count, fixed] = [elementCount(shape), elementCount(rest)];
  if (open < 0 ? fixed !== count : fixed === 0 ? count !== 0 : count % fixed !== 0) {
    throw context.error(`cannot give ${count} values ${formatShape(shape)} the shape ${formatShape(target)}`);
  }
  return [sizes.map((size, axis) => (axis === open ? (fixed === 0 ? 0 : count / fixed) : size))];
};

const transpose: ShapeRule = (context) => {
  const shape = context.shape(0);
  const permutation = context.ints(1);
  if (shape === null) return [null];
  if (permutation === undefined) return [shape.map(() => -1)];
  if (permutation.length !== shape.length) {
    throw context.error(`permutes ${permutation.length} axes of a tensor of rank ${shape.length}`);
  }
  return [permutation.map((axis) => (Number.isNaN(axis) ? -1 : shape[context.axis(axis, shape.length)]!))];
};

const squeeze: ShapeRule = (context) => {
  const shape = context.shape(0);
  if (shape === null) return [null];
  const given = intsAttr(context.node, 'squeeze_dims');
  if (given.length === 0) return [shape.includes(-1) ? null : shape.filter((size) => size !== 1)];
  const axes = new Set(given.map((axis) => context.axis(axis, shape.length)));
  for (const axis of axes) {
    if (!compatible(shape[axis]!, 1))
      throw context.error(`cannot remove axis ${axis} of size ${shape[axis]!}`);
  }
  return [shape.filter((_, axis) => !axes.has(axis))];
};

const expandDims: ShapeRule = (context) => {
  const shape = context.shape(0);
  const axis = context.int(1);
  if (shape === null) return [null];
  if (axis === undefined) return [Array.from({ length: shape.length + 1 }, () => -1)];
  return [shape.toSpliced(context.axis(axis, shape.length + 1), 0, 1)];
};

/** Joins along an axis; all other sizes must agree. */
function concat(context: RuleContext, shapes: readonly Shape[], axis: number | undefined): Shape[] {
  const known = shapes.filter((shape) => shape !== null);
  const first = known[0];
  if (first === undefined) return [null];
  if (known.some((shape) => shape.length !== first.length))
    throw context.error('joins tensors of different ranks');
  if (axis === undefined) return [first.map(() => -1)];
  const along = context.axis(axis, first.length);
  return [
    first.map((_, index) => {
      const sizes = known.map((shape) => shape[index]!);
      if (index === along) {
        // There may be more parts than a call takes arguments.
        const isKnown = known.length === shapes.length && sizes.every((size) => size >= 0);
        return isKnown ? sizes.reduce((sum, size) => sum + size, 0) : -1;
      }
      const fixed = sizes.find((size) => size >= 0) ?? -1;
      if (sizes.some((size) => !compatible(size, fixed))) {
        throw context.error(`joins tensors of the shapes ${known.map(formatShape).join(' and ')}`);
      }
      return fixed;
    }),
  ];
}

const pack: ShapeRule = (context) => {
  const shapes = context.shapes.map((shape) => (shape === null ? null : [...shape]));
  const known = shapes.find((shape) => shape !== null);
  if (known === undefined) return [null];
  const along = context.axis(intAttr(context.node, 'axis', 0), known.length + 1);
  return concat(
    context,
    shapes.map((shape) => shape?.toSpliced(along, 0, 1) ?? null),
    along,
  );
};

const unpack: ShapeRule = (context) => {
  const shape = context.shape(0);
  const count = partCount(context, 'num');
  const axis = shape === null ? 0 : context.axis(intAttr(context.node, 'axis', 0), shape.length);
  if (shape !== null && !compatible(shape[axis]!, count)) {
    throw context.error(`unpacks ${count} parts of an axis of size ${shape[axis]!}`);
  }
  return Array.from({ length: count }, () => shape?.toSpliced(axis, 1) ?? null);
};

const split: ShapeRule = (context) => {
  const shape = context.shape(1);
  const parts = partCount(context, 'num_split');
  const given = context.int(0);
  if (shape === null || given === undefined)
    return Array.from({ length: parts }, () => shape?.map(() => -1) ?? null);
  const axis = context.axis(given, shape.length);
  if (shape[axis]! >= 0 && shape[axis]! % parts !== 0) {
    throw context.error(`cannot split ${shape[axis]!} values into ${parts} equal parts`);
  }
  return Array.from({ length: parts }, () =>
    shape.with(
      axis,
      dimension((size) => size / parts, shape[axis]!),
    ),
  );
};

const splitV: ShapeRule = (context) => {
  const shape = context.shape(0);
  const parts = partCount(context, 'num_split');
  const sizes = sizesOf(context.ints(1) ?? Array.from({ length: parts }, () => NaN));
  const given = context.int(2);
  if (shape === null || given === undefined) return sizes.map(() => shape?.map(() => -1) ?? null);
  const axis = context.axis(given, shape.length);
  const fixed = sizes.filter((size) => size >= 0).reduce((sum, size) => sum + size, 0);
  const known = context.ints(1) !== undefined;
  return sizes.map((size) => {
    const open = known && size < 0 ? dimension((all) => all - fixed, shape[axis]!) : size;
    return shape.with(axis, open);
  });
};

const slice: ShapeRule = (context) => {
  const shape = context.shape(0);
  if (shape === null) return [null];
  const begin = context.ints(1) ?? shape.map(() => NaN);
  const size = context.ints(2) ?? shape.map(() => NaN);
  if (begin.length !== shape.length || size.length !== shape.length) {
    throw context.error(`slices ${begin.length} axes of a tensor of rank ${shape.length}`);
  }
  return [
    shape.map((length, axis) => {
      const [first, count] = [begin[axis]!, size[axis]!];
      const taken =
        count === -1 ? dimension((all, from) => all - from, length, first) : Number.isNaN(count) ? -1 : count;
      if (first < 0 || (length >= 0 && first + taken > length)) {
        throw context.error(`takes ${taken} values from index ${first} of an axis of size ${length}`);
      }
      return taken;
    }),
  ];
};

const stridedSlice: ShapeRule = (context) => {
  const plan = slicePlan(context);
  if (plan === undefined) return [null];
  return [plan.output.map((axis) => (axis === 'new' ? 1 : plan.axes[axis]!.length))];
};

const tile: ShapeRule = (context) => {
  const shape = context.shape(0);
  const multiples = context.ints(1);
  if (shape === null || multiples === undefined) return [shape?.map(() => -1) ?? null];
  if (multiples.length !== shape.length)
    throw context.error(`has ${multiples.length} multiples for rank ${shape.length}`);
  return [shape.map((size, axis) => dimension((length, times) => length * times, size, multiples[axis]!))];
};

const gather: ShapeRule = (context) => {
  const [shape, indices] = [context.shape(0), context.shape(1)];
  const given = context.node.op === 'GatherV2' ? context.int(2) : 0;
  if (
    shape === null ||
    indices === null ||
    given === undefined ||
    intAttr(context.node, 'batch_dims', 0) !== 0
  ) {
    return [null];
  }
  const axis = context.axis(given, shape.length);
  return [shape.toSpliced(axis, 1, ...indices)];
};

/** Inputs: values and lists of indices into their first axes, behind `batch_dims` that both have. */
const gatherNd: ShapeRule = (context) => {
  const [shape, indices] = [context.shape(0), context.shape(1)];
  if (shape === null || indices === null) return [null];
  const depth = indices.at(-1) ?? -1;
  const batch = intAttr(context.node, 'batch_dims', 0);
  if (depth < 0) return [null];
  if (indices.length < 1 || batch + depth > shape.length) {
    throw context.error(`takes ${depth} indices of a tensor of rank ${shape.length}`);
  }
  return [[...indices.slice(0, -1), ...shape.slice(batch + depth)]];
};

const gatherElements: ShapeRule = (context) => {
  const [shape, indices] = [context.shape(0), context.shape(1)];
  if (shape !== null && indices !== null && shape.length !== indices.length) {
    throw context.error(`has indices of rank ${indices.length} for a tensor of rank ${shape.length}`);
  }
  return [indices];
};

const flatten: ShapeRule = (context) => {
  const shape = context.shape(0);
  if (shape === null) return [[-1, -1]];
  return [[shape[0] ?? 1, dimension((...sizes) => elementCount(sizes), ...shape.slice(1))]];
};

const range: ShapeRule = (context) => {
  const [start, limit, delta] = [context.int(0), context.int(1), context.int(2)];
  if (start === undefined || limit === undefined || delta === undefined) return [[-1]];
  if (delta === 0) throw context.error('has step 0');
  return [[Math.max(0, Math.ceil((limit - start) / delta))]];
};

const placeholderShape: ShapeRule = (context) => {
  const shape = context.node.attrs['shape'];
  return [shape !== undefined && 'shape' in shape ? shape.shape : null];
};

/** Sizes that are called as those of the first input are the same. */
const declaredShape: ShapeRule = (context) => {
  const [declared] = placeholderShape(context);
  const like = intsAttr(context.node, 'like');
  const input = context.node.inputs.length === 0 ? null : context.shape(0);
  return [declared?.map((size, axis) => (size < 0 ? (input?.[like[axis] ?? -1] ?? -1) : size)) ?? null];
};

const outputRank: ShapeRule = (context) => {
  const target = context.ints(context.node.op === 'Fill' ? 0 : 1);
  return [target === undefined ? null : sizesOf(target)];
};

export const arrangementRules: Readonly<Record<string, ShapeRule>> = {
  Const: (context) => [constTensor(context.node)?.shape ?? null],
  Placeholder: placeholderShape,
  PlaceholderV2: placeholderShape,
  PlaceholderWithDefault: placeholderShape,
  // What a model of ONNX declares of an output that is not computed here.
  OnnxOutput: declaredShape,
  Reshape: reshape,
  Transpose: transpose,
  Squeeze: squeeze,
  ExpandDims: expandDims,
  ConcatV2: (context) => concat(context, context.shapes.slice(0, -1), context.int(context.shapes.length - 1)),
  Concat: (context) => concat(context, context.shapes.slice(1), context.int(0)),
  Pack: pack,
  Unpack: unpack,
  Split: split,
  SplitV: splitV,
  Slice: slice,
  StridedSlice: stridedSlice,
  Tile: tile,
  Gather: gather,
  GatherV2: gather,
  GatherNd: gatherNd,
  GatherElements: gatherElements,
  ScatterElements: (context) => [context.shape(0)],
  ScatterND: (context) => [context.shape(0)],
  Cumsum: (context) => [context.shape(0)],
  Flatten: flatten,
  Range: range,
  Fill: outputRank,
  BroadcastTo: outputRank,
  Shape: (context) => [[context.shape(0)?.length ?? -1]],
  ShapeN: (context) => context.shapes.map((shape) => [shape?.length ?? -1]),
  Size: () => [[]],
  Rank: () => [[]],
  Reverse: (context) => [context.shape(0)],
  ReverseV2: (context) => [context.shape(0)],
  OneHot: (context) => {
    const shape = context.shape(0);
    if (shape === null) return [null];
    const axis = intAttr(context.node, 'axis', -1);
    return [shape.toSpliced(axis < 0 ? shape.length : axis, 0, context.int(1) ?? -1)];
  },
  TopKV2: (context) => {
    const shape = context.shape(0);
    const top = shape === null ? null : [...shape.slice(0, -1), context.int(1) ?? -1];
    return [top, top];
  },
};
