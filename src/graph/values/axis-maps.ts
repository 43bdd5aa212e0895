/**
 * Ops that take each value from another place, axis by axis: slices, paddings, tiles, broadcasts, reversals
 * and look-ups. Constant folding and the native backend compute them by the same maps.
 */
import { intAttr, intsAttr, stringAttr } from '../node-attrs.ts';
import type { RuleContext } from '../shapes/rule-context.ts';
import { slicePlan } from '../shapes/slice-range.ts';
import { elementCount } from '../tensor-storage.ts';

/** What an op takes, by its maps. */
export interface AxisMaps {
  /** The input's shape, with leading ones where it has fewer axes than there are maps. */
  readonly input: readonly number[];
  /** For each axis, and each index of the output along it, the index of the input; -1 for the fill value. */
  readonly maps: readonly (readonly number[])[];
  readonly fill: number;
}

function upTo(size: number): number[] {
  return Array.from({ length: size }, (_, index) => index);
}

/** Where padding at index `at` of an axis comes from; -1 for a constant. */
type Outside = (at: number, size: number) => number;

const outsides: Readonly<Record<string, Outside>> = {
  CONSTANT: () => -1,
  REFLECT: (at, size) => (at < 0 ? -at : 2 * size - 2 - at),
  SYMMETRIC: (at, size) => (at < 0 ? -at - 1 : 2 * size - 1 - at),
  EDGE: (at, size) => (at < 0 ? 0 : size - 1),
  WRAP: (at, size) => ((at % size) + size) % size,
};

/** Inputs by position: undefined where one of them is not known. */
type MapRule = (context: RuleContext, shape: readonly number[]) => AxisMaps | undefined;

function known(list: number[] | undefined): list is number[] {
  return list !== undefined && !list.some(Number.isNaN);
}

/** Slices of every kind: axes that go have one value left. */
const strided: MapRule = (context, shape) => {
  const axes = slicePlan(context)?.axes;
  if (axes === undefined || axes.some(({ begin, length }) => Number.isNaN(begin) || length < 0))
    return undefined;
  const maps = axes.map(({ begin, stride, length }) => upTo(length).map((index) => begin + index * stride));
  return { input: shape, maps, fill: 0 };
};

const slice: MapRule = (context, shape) => {
  const [begin, size] = [context.ints(1), context.ints(2)];
  if (!known(begin) || !known(size)) return undefined;
  const maps = shape.map((length, axis) => {
    const first = begin[axis]!;
    return upTo(size[axis] === -1 ? length - first : size[axis]!).map((index) => first + index);
  });
  return { input: shape, maps, fill: 0 };
};

/** The mode in which a node pads. */
function padMode(context: RuleContext): string {
  const { node } = context;
  if (node.op === 'EdgePad') return 'EDGE';
  if (node.op === 'WrapPad') return 'WRAP';
  return node.op === 'MirrorPad' ? stringAttr(node, 'mode', 'REFLECT') : 'CONSTANT';
}

/** @throws DnnError for mirrored pads that are larger than the input, as TensorFlow. */
const pad: MapRule = (context, shape) => {
  const { node } = context;
  const mode = padMode(context);
  const outside = outsides[mode];
  if (outside === undefined) throw context.error(`has mode ${mode}`);
  const isOwn = mode === 'EDGE' || mode === 'WRAP';
  const amounts = isOwn ? [...intsAttr(node, 'paddings')] : context.ints(1);
  const fill = node.op === 'PadV2' ? context.int(2) : 0;
  if (!known(amounts) || fill === undefined) return undefined;
  if (amounts.length !== 2 * shape.length)
    throw context.error(`has ${amounts.length} paddings for an input of rank ${shape.length}`);
  const maps = shape.map((size, axis) => {
    const [before, after] = [amounts[2 * axis]!, amounts[2 * axis + 1]!];
    const most = mode === 'REFLECT' ? size - 1 : mode === 'SYMMETRIC' ? size : Infinity;
    if (before < 0 || after < 0 || Math.max(before, after) > most) {
      throw context.error(`pads ${size} values in mode ${mode} by ${before} and ${after}`);
    }
    return upTo(before + size + after).map((index) => {
      const at = index - before;
      return at >= 0 && at < size ? at : outside(at, size);
    });
  });
  return { input: shape, maps, fill };
};

const tile: MapRule = (context, shape) => {
  const multiples = context.ints(1);
  if (!known(multiples) || multiples.length !== shape.length) return undefined;
  const maps = shape.map((size, axis) => upTo(size * multiples[axis]!).map((index) => index % size));
  return { input: shape, maps, fill: 0 };
};

const broadcastTo: MapRule = (context, shape) => {
  const target = context.ints(1);
  if (!known(target) || target.length < shape.length) return undefined;
  const input = [...target.slice(shape.length).map(() => 1), ...shape];
  const maps = target.map((size, axis) => {
    const own = input[axis]!;
    if (own !== size && own !== 1) throw context.error(`cannot give ${own} values the size ${size}`);
    return upTo(size).map((index) => (own === 1 ? 0 : index));
  });
  return { input, maps, fill: 0 };
};

const reverse: MapRule = (context, shape) => {
  const given = context.ints(1);
  if (!known(given)) return undefined;
  const axes = new Set(given.map((axis) => context.axis(axis, shape.length)));
  const maps = shape.map((size, axis) => upTo(size).map((at) => (axes.has(axis) ? size - 1 - at : at)));
  return { input: shape, maps, fill: 0 };
};

/** An index counts from the end where it is negative. @throws DnnError for one outside. */
export function wholeIndex(context: RuleContext, index: number, size: number): number {
  const positive = index < 0 ? index + size : index;
  if (!(positive >= 0 && positive < size)) throw context.error(`takes index ${index} of ${size} values`);
  return positive;
}

const gather: MapRule = (context, shape) => {
  const indices = context.ints(1);
  const given = context.node.op === 'GatherV2' ? context.int(2) : 0;
  if (!known(indices) || given === undefined || intAttr(context.node, 'batch_dims', 0) !== 0)
    return undefined;
  const along = context.axis(given, shape.length);
  const maps = shape.map((size, axis) =>
    axis === along ? indices.map((index) => wholeIndex(context, index, size)) : upTo(size),
  );
  return { input: shape, maps, fill: 0 };
};

const rules: Readonly<Record<string, MapRule>> = {
  Slice: slice,
  StridedSlice: strided,
  Pad: pad,
  PadV2: pad,
  MirrorPad: pad,
  EdgePad: pad,
  WrapPad: pad,
  Tile: tile,
  BroadcastTo: broadcastTo,
  ReverseV2: reverse,
  Gather: gather,
  GatherV2: gather,
};

/**
 * The maps of a node whose input 0 has a known shape. The values come in the order of the node's output,
 * whose shape may have other axes of size 1, or those of the indices in the place of one.
 *
 * @returns undefined for other ops, and where an input that says what is taken is not known.
 * @throws DnnError `EINVAL` where the node contradicts its input.
 */
export function axisMaps(context: RuleContext): AxisMaps | undefined {
  const shape = context.shape(0);
  if (shape?.every((size) => size >= 0) !== true) return undefined;
  const rule = Object.hasOwn(rules, context.node.op) ? rules[context.node.op] : undefined;
  return rule?.(context, shape);
}

/** The values that maps take, in order; `at` gives those of the input. */
export function mapValues({ input, maps, fill }: AxisMaps, at: (index: number) => number): number[] {
  const strides = input.map((_, axis) => elementCount(input.slice(axis + 1)));
  let indices = [0];
  for (const [axis, map] of maps.entries()) {
    const stride = strides[axis]!;
    indices = indices.flatMap((base) =>
      map.map((index) => (base < 0 || index < 0 ? -1 : base + index * stride)),
    );
  }
  return indices.map((index) => (index < 0 ? fill : at(index)));
}
