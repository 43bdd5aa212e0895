/** Resize and Upsample: TensorFlow's ops where they give the same, else this project's ResizeImage. */
import { intType } from '../../../graph/node-builder.ts';
import {
  linearFlags,
  nearestFlags,
  type Lengths,
  type ResizeFlags,
  type ResizeWay,
} from '../../channels-first/resize-variants.ts';
import type { Element, OnnxRule, OnnxTranslation } from '../onnx-translation.ts';

/** How the sizes follow: by factors, or given, or both. One entry an axis, undefined where it stays. */
interface Target {
  readonly scales: readonly (number | undefined)[] | undefined;
  readonly sizes: readonly (Element | undefined)[] | undefined;
}

function spread<T>(values: readonly T[], axes: readonly number[], rank: number): (T | undefined)[] {
  return Array.from({ length: rank }, (_, axis) => {
    const at = axes.indexOf(axis);
    return at < 0 ? undefined : values[at];
  });
}

/** True for an optional input that is there and not empty. */
function isGiven(node: OnnxTranslation, index: number): boolean {
  return node.has(index) && (node.tensor(index)?.data.length ?? 1) > 0;
}

function scalesOf(node: OnnxTranslation): readonly number[] | undefined {
  if (node.node.op === 'Upsample' && node.version < 9) return node.floats('scales');
  const index = node.node.op === 'Upsample' || node.version < 11 ? 1 : 2;
  return isGiven(node, index) ? node.constant(index, 'scales') : undefined;
}

function targetOf(node: OnnxTranslation, rank: number): Target {
  const given = node.version >= 18 ? node.ints('axes') : [];
  const axes =
    given.length === 0
      ? Array.from({ length: rank }, (_, axis) => axis)
      : given.map((axis) => node.axis(axis, rank));
  const scales = scalesOf(node);
  if (scales !== undefined) {
    if (scales.length !== axes.length || scales.some((scale) => !(scale > 0 && scale <= 65536))) {
      throw node.error(`has the scales ${scales.join(', ')} for ${axes.length} axes`);
    }
    return { scales: spread(scales, axes, rank), sizes: undefined };
  }
  if (!isGiven(node, 3)) throw node.error('has neither scales nor sizes');
  const sizes = node.elements(3, 'sizes');
  if (sizes.length !== axes.length) throw node.error(`has ${sizes.length} sizes for ${axes.length} axes`);
  const policy = node.text('keep_aspect_ratio_policy', 'stretch');
  if (policy === 'stretch') return { scales: undefined, sizes: spread(sizes, axes, rank) };
  const lengths = axes.map((axis) => node.shape(0)![axis]!);
  const factor = commonFactor(node, policy, sizes, lengths);
  const rounded = lengths.map((length) => Math.floor(length * factor + 0.5));
  const factors = axes.map(() => factor);
  return { scales: spread(factors, axes, rank), sizes: spread(rounded, axes, rank) };
}

/** keep_aspect_ratio_policy: one factor for all axes, the least or the largest one. */
function commonFactor(
  node: OnnxTranslation,
  policy: string,
  sizes: readonly Element[],
  lengths: readonly number[],
): number {
  if (policy !== 'not_larger' && policy !== 'not_smaller') {
    throw node.error(`has keep_aspect_ratio_policy='${policy}'`);
  }
  if (lengths.includes(-1) || sizes.some((size) => typeof size === 'string')) {
    throw node.unsupported(`with keep_aspect_ratio_policy=${policy} for frames of any size`);
  }
  const factors = (sizes as readonly number[]).map((size, at) => size / lengths[at]!);
  return policy === 'not_larger' ? Math.min(...factors) : Math.max(...factors);
}

/** What an op says of coordinates; Upsample and the first Resize have no attributes for it. */
function wayOf(node: OnnxTranslation): ResizeWay {
  const mode = node.text('mode', 'nearest');
  if (!['nearest', 'linear', 'cubic'].includes(mode)) throw node.error(`has mode='${mode}'`);
  if (node.node.op === 'Upsample' || node.version < 11) {
    return { mode, coordinates: 'asymmetric', nearest: 'simple', antialias: false };
  }
  return {
    mode,
    coordinates: node.text('coordinate_transformation_mode', 'half_pixel'),
    nearest: node.text('nearest_mode', 'round_prefer_floor'),
    antialias: node.flag('antialias', false),
  };
}

/** One of the two axes that are resized. */
interface Side {
  readonly from: number;
  readonly scale: number | undefined;
  readonly to: Element;
}

function sideOf(node: OnnxTranslation, x: string, axis: number, { scales, sizes }: Target): Side {
  const from = node.shapeOf(x)![axis]!;
  const scale = scales?.[axis];
  const given = sizes?.[axis];
  if (scale === undefined || given !== undefined) return { from, scale, to: given ?? node.sizeOf(x, axis) };
  if (from >= 0) return { from, scale, to: Math.floor(Math.fround(from * scale)) };
  const size = node.sizeOf(x, axis) as string;
  if (Number.isInteger(scale))
    return { from, scale, to: node.add('Mul', [size, node.addInts(scale)], intType) };
  const product = node.add('Mul', [node.cast(size, 'float32'), node.addTensor(scalar(scale))]);
  return { from, scale, to: node.cast(node.add('Floor', [product]), 'int32') };
}

function scalar(value: number): {
  readonly dtype: 'float32';
  readonly shape: [];
  readonly data: Float32Array;
} {
  return { dtype: 'float32', shape: [], data: Float32Array.of(value) };
}

/** Lengths that stand for all where a whole factor repeats its pattern; undefined where not known. */
function lengthsOf(sides: readonly Side[]): Lengths[] | undefined {
  const lengths = sides.map(({ from, scale, to }): Lengths | undefined => {
    if (from >= 0 && typeof to === 'number') {
      return scale === undefined || Math.fround(from * scale) === to ? { from, to } : undefined;
    }
    return scale !== undefined && Number.isInteger(scale) ? { from: 8, to: 8 * scale } : undefined;
  });
  return lengths.includes(undefined) ? undefined : (lengths as Lengths[]);
}

/** The variant of TensorFlow's op that gives the same; undefined where none does. */
function flagsOf(way: ResizeWay, sides: readonly Side[]): ResizeFlags | undefined {
  const lengths = lengthsOf(sides);
  const bySizes = sides.every(({ scale }) => scale === undefined);
  // Between sizes that are computed, only one that is 1 would make a difference.
  if (lengths === undefined && bySizes && way.mode === 'linear' && !way.antialias) {
    return way.coordinates === 'pytorch_half_pixel' ? undefined : linearFlags(way, []);
  }
  if (lengths === undefined || way.mode === 'cubic') return undefined;
  if (lengths.some(({ from, to }) => from < 1 || to < 1)) return undefined;
  if (way.mode === 'nearest') return nearestFlags(way, lengths);
  return way.antialias && lengths.some(({ from, to }) => to < from) ? undefined : linearFlags(way, lengths);
}

/** What becomes of an axis: its size stays, becomes another one, or is not known yet. */
function changeOf(
  size: number,
  scale: number | undefined,
  to: Element | undefined,
): 'stays' | 'changes' | 'open' {
  if (scale !== undefined) return scale === 1 ? 'stays' : 'changes';
  if (to === undefined) return 'stays';
  if (typeof to === 'string' || size < 0) return 'open';
  return to === size ? 'stays' : 'changes';
}

/**
 * Which two axes are resized, the first one in front; others must stay. Sizes that are not known are those of
 * the batch, or of the picture.
 */
function spatialAxes(node: OnnxTranslation, x: string, target: Target): readonly [number, number] {
  const changes = node
    .shapeOf(x)!
    .map((size, axis) => changeOf(size, target.scales?.[axis], target.sizes?.[axis]));
  if (
    changes[0] !== 'changes' &&
    changes[1] !== 'changes' &&
    (changes[1] === 'stays' || changes[3] !== 'stays')
  ) {
    return [2, 3];
  }
  if (changes[0] !== 'changes' && changes[3] === 'stays') return [1, 2];
  const changed = changes.flatMap((change, axis) => (change === 'stays' ? [] : [axis]));
  throw node.unsupported(`along the axes ${changed.join(', ')}`);
}

function attrsOf(node: OnnxTranslation, way: ResizeWay, axes: readonly [number, number], scales: number[]) {
  const rank = node.rank(0);
  const crops = way.coordinates === 'tf_crop_and_resize';
  const given = crops && node.has(1) ? node.constant(1, 'regions') : [];
  const listed = node.ints('axes').map((axis) => node.axis(axis, rank));
  const order = listed.length === 0 ? Array.from({ length: rank }, (_, axis) => axis) : listed;
  const half = given.length / 2;
  const shift = rank === 3 ? 1 : 0;
  const edge = (axis: number, end: number): number => {
    const at = order.indexOf(axis - shift);
    return at < 0 ? end : (given[at + end * half] ?? end);
  };
  return {
    data_format: 'NCHW',
    mode: way.mode,
    coordinates: way.coordinates,
    nearest_mode: way.nearest,
    cubic_coeff_a: { f: node.float('cubic_coeff_a', -0.75) },
    exclude_outside: node.flag('exclude_outside', false),
    antialias: way.antialias,
    scales: { list: { f: scales } },
    roi: {
      list: { f: crops ? [edge(axes[0], 0), edge(axes[1], 0), edge(axes[0], 1), edge(axes[1], 1)] : [] },
    },
    extrapolation_value: { f: node.float('extrapolation_value', 0) },
  };
}

const coordinateModes = new Set(
  (
    'half_pixel half_pixel_symmetric pytorch_half_pixel align_corners asymmetric tf_crop_and_resize ' +
    'tf_half_pixel_for_nn'
  ).split(' '),
);

/** A tensor of rank 3 is resized as one of rank 4 with a channel of its own. */
const resize: OnnxRule = (node) => {
  const way = wayOf(node);
  if (!coordinateModes.has(way.coordinates)) {
    throw node.error(`has coordinate_transformation_mode='${way.coordinates}'`);
  }
  const rank = node.rank(0);
  if (rank < 2 || rank > 4) throw node.unsupported(`of a tensor of rank ${rank}`);
  const own = targetOf(node, rank);
  const front = Array<undefined>(4 - rank).fill(undefined);
  const target: Target = {
    scales: own.scales === undefined ? undefined : [...front, ...own.scales],
    sizes: own.sizes === undefined ? undefined : [...front, ...own.sizes],
  };
  const x = front.reduce<string>((last) => node.add('ExpandDims', [last, node.addInts(0)]), node.input(0));
  const axes = spatialAxes(node, x, target);
  const sides = axes.map((axis) => sideOf(node, x, axis, target));
  const size = node.addVector(sides.map(({ to }) => to));
  const result = resized(node, way, { x, axes, sides, size });
  if (rank === 4) return result;
  return node.add('Squeeze', [result], { squeeze_dims: front.map((_, axis) => axis) });
};

interface Sized {
  readonly x: string;
  readonly axes: readonly [number, number];
  readonly sides: readonly Side[];
  readonly size: string;
}

function resized(node: OnnxTranslation, way: ResizeWay, { x, axes, sides, size }: Sized): string {
  const last = axes[0] === 1;
  const flags = flagsOf(way, sides);
  if (flags !== undefined) {
    const op = way.mode === 'nearest' ? 'ResizeNearestNeighbor' : 'ResizeBilinear';
    const image = last ? x : node.addTranspose(x, [0, 2, 3, 1]);
    const done = node.add(op, [image, size], { ...flags });
    return last ? done : node.addTranspose(done, [0, 3, 1, 2]);
  }
  const scales = sides.every(({ scale }) => scale !== undefined) ? sides.map(({ scale }) => scale!) : [];
  const image = last ? node.addTranspose(x, [0, 3, 1, 2]) : x;
  const done = node.add('ResizeImage', [image, size], attrsOf(node, way, axes, scales));
  return last ? node.addTranspose(done, [0, 2, 3, 1]) : done;
}

export const resizeRules: Readonly<Record<string, OnnxRule>> = { Resize: resize, Upsample: resize };
