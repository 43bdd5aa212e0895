/**
 * Which pixels a resize takes, and with what weights, along one axis: ONNX's Resize in all its modes
 * (onnx/defs/tensor/defs.cc; onnxruntime, core/providers/cpu/tensor/upsamplebase.h and upsample_antialias.h).
 */

/** How a node resizes. */
export interface Resampling {
  readonly mode: string;
  readonly coordinates: string;
  readonly nearest: string;
  readonly cubicA: number;
  readonly excludeOutside: boolean;
  readonly antialias: boolean;
}

/** One axis: lengths, the scale that is used, and start and end of the region of interest. */
export interface ResampledAxis {
  readonly input: number;
  readonly output: number;
  readonly scale: number;
  readonly roi: readonly [number, number];
}

/** Pixels of the input with their weights; undefined where the output lies outside and is filled. */
export type Taps = readonly (readonly [index: number, weight: number])[] | undefined;

const { fround } = Math;

/**
 * Where an output lies in the input, in float32 as onnxruntime computes it; undefined for a name that is
 * none.
 */
export function coordinateOf(name: string, at: number, axis: ResampledAxis): number | undefined {
  const { input, output, roi } = axis;
  const scale = fround(axis.scale);
  const half = fround(fround(fround(at + 0.5) / scale) - 0.5);
  switch (name) {
    case 'half_pixel':
      return half;
    case 'half_pixel_symmetric': {
      // The part of the input that the rounded output does not cover is left out on both sides.
      const adjusted = fround(output / fround(scale * input));
      const offset = fround((input / 2) * fround(1 - adjusted));
      return fround(fround(offset + fround(fround(at + 0.5) / scale)) - 0.5);
    }
    case 'pytorch_half_pixel':
      return output > 1 ? half : 0;
    case 'asymmetric':
      return fround(at / scale);
    case 'align_corners':
      return output === 1 ? 0 : fround((at * (input - 1)) / (output - 1));
    case 'tf_half_pixel_for_nn':
      return fround((at + 0.5) / scale);
    case 'tf_crop_and_resize': {
      const [start, end] = roi;
      if (output === 1) return 0.5 * (start + end) * (input - 1);
      return start * (input - 1) + (at * (end - start) * (input - 1)) / (output - 1);
    }
    default:
      return undefined;
  }
}

function nearestIndex(name: string, position: number, shrinks: boolean): number {
  const floor = Math.floor(position);
  switch (name) {
    case 'round_prefer_ceil':
      return Math.round(position);
    case 'floor':
      return floor;
    case 'ceil':
      return Math.ceil(position);
    case 'simple':
      return shrinks ? Math.ceil(position) : Math.trunc(position);
    default:
      return position === floor + 0.5 ? floor : Math.round(position);
  }
}

/** Keys' cubic kernel at a distance. */
function cubic(distance: number, a: number): number {
  const x = Math.abs(distance);
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

const clamp = (index: number, size: number): number => Math.max(0, Math.min(index, size - 1));

/** Weights of each index once, in order. */
function merged(list: readonly (readonly [number, number])[]): [number, number][] {
  const weights = new Map<number, number>();
  for (const [index, weight] of list) weights.set(index, (weights.get(index) ?? 0) + weight);
  return [...weights].filter(([, weight]) => weight !== 0).sort(([one], [other]) => one - other);
}

function normalised(list: readonly (readonly [number, number])[]): [number, number][] {
  const sum = list.reduce((all, [, weight]) => all + weight, 0);
  return list.map(([index, weight]) => [index, sum === 0 ? weight : weight / sum]);
}

/** Taps from `first` to `last` around a position, by a kernel that `reach` stretches. */
function spread(
  position: number,
  radius: number,
  reach: number,
  size: number,
  excludes: boolean,
  kernel: (distance: number) => number,
): [number, number][] {
  const support = radius * reach;
  const [first, last] = [Math.floor(position - support) + 1, Math.floor(position + support)];
  const list: [number, number][] = [];
  for (let index = first; index <= last; index++) {
    const isInside = index >= 0 && index < size;
    if (isInside || !excludes) list.push([clamp(index, size), kernel((index - position) / reach)]);
  }
  return normalised(list);
}

function tapsOf(how: Resampling, position: number, axis: ResampledAxis): [number, number][] {
  const { input, scale } = axis;
  if (how.mode === 'nearest') return [[clamp(nearestIndex(how.nearest, position, scale < 1), input), 1]];
  const triangle = (distance: number): number => Math.max(0, 1 - Math.abs(distance));
  const curve = (distance: number): number => cubic(distance, how.cubicA);
  const isCubic = how.mode === 'cubic';
  if (how.antialias && scale < 1) {
    return spread(
      position,
      isCubic ? 2 : 1,
      1 / scale,
      input,
      how.excludeOutside,
      isCubic ? curve : triangle,
    );
  }
  if (isCubic) {
    const low = Math.floor(position);
    const list = [-1, 0, 1, 2].map((step): [number, number] => [low + step, curve(low + step - position)]);
    if (how.excludeOutside) return normalised(list.filter(([index]) => index >= 0 && index < input));
    return list.map(([index, weight]) => [clamp(index, input), weight]);
  }
  const inside = Math.max(0, Math.min(position, input - 1));
  const low = Math.floor(inside);
  return [
    [low, 1 - (inside - low)],
    [clamp(low + 1, input), inside - low],
  ];
}

/** The taps of each output. */
export function resampleTaps(how: Resampling, axis: ResampledAxis): Taps[] {
  return Array.from({ length: axis.output }, (_, at) => {
    const position = coordinateOf(how.coordinates, at, axis)!;
    const outside = position < 0 || position > axis.input - 1;
    if (how.coordinates === 'tf_crop_and_resize' && outside) return undefined;
    return merged(tapsOf(how, position, axis));
  });
}
