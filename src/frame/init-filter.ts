/**
 * What all scalers of swscale do with the taps of one dimension: drop those next to nothing, keep
 * them inside the source, and round them to integers that sum to one (libswscale/utils.c ·
 * initFilter, as its C code computes it).
 */

/**
 * Output sample i is the sum over j of `coefficients[i * taps + j]` times source sample `positions[i] + j`.
 */
export interface ScaleFilter {
  readonly taps: number;
  /**
   * First source sample of each output sample; a tap beyond the source, where it has
   * fewer samples than taps, is 0.
   */
  readonly positions: Int32Array;
  /** The taps of one output sample sum to `one`. */
  readonly coefficients: Int16Array;
}

/**
 * What initFilter works on before the coefficients are rounded: weights in 64-bit
 * fixed point, `taps` per sample.
 */
export interface WideFilter {
  readonly taps: number;
  readonly positions: number[];
  readonly weights: BigInt64Array;
}

/** SWS_MAX_REDUCE_CUTOFF: the share of the whole that may be cut off at each end of a filter. */
const maxReduceCutoff = 0.002;

/**
 * Source samples per destination sample in 16-bit fixed point, and how far the weights' unit is below 2^54.
 */
export interface FilterStep {
  readonly increment: number;
  readonly shrinkLog2: number;
}

/**
 * The filter from `srcSize` to `dstSize` samples, both at least 1, with coefficients
 * that sum to `one` (at most 2^14).
 *
 * @param weigh gives the taps before rounding, where the sizes differ; a weight of
 * 2^(54 - shrinkLog2) counts as one.
 */
export function initFilter(
  srcSize: number,
  dstSize: number,
  one: number,
  weigh: (step: FilterStep) => WideFilter,
): ScaleFilter {
  const increment = filterIncrement(srcSize, dstSize);
  if (isUnscaled(increment)) return identityFilter(srcSize, dstSize, one);
  const shrinkLog2 = Math.min(Math.floor(Math.log2(Math.max(1, Math.floor(srcSize / dstSize)))), 8);
  const wide = trim(weigh({ increment, shrinkLog2 }), maxReduceCutoff * 2 ** (54 - shrinkLog2));
  return quantise(foldBorders(wide, srcSize), one);
}

/** Source samples per destination sample, in 16-bit fixed point. */
export function filterIncrement(srcSize: number, dstSize: number): number {
  return Math.floor((srcSize * 65536 + Math.floor(dstSize / 2)) / dstSize);
}

export function isUnscaled(increment: number): boolean {
  return Math.abs(increment - 65536) < 10;
}

/** Sizes so near each other that swscale calls the dimension unscaled: every sample is copied. */
export function identityFilter(srcSize: number, dstSize: number, one: number): ScaleFilter {
  return {
    taps: 1,
    positions: Int32Array.from({ length: dstSize }, (_, i) => Math.min(i, srcSize - 1)),
    coefficients: new Int16Array(dstSize).fill(one),
  };
}

/**
 * Drops taps next to nothing: on the left by moving a sample's taps, on the right
 * by shortening the whole filter.
 */
function trim(wide: WideFilter, cutoff: number): WideFilter {
  const { taps, weights } = wide;
  const positions = [...wide.positions];
  const size = positions.length;
  let kept = 0;
  for (let i = size - 1; i >= 0; i--) {
    const own = weights.subarray(i * taps, (i + 1) * taps);
    let cut = 0n;
    for (let j = 0; j < taps; j++) {
      cut += magnitude(own[0]!);
      // Positions must not decrease from one output sample to the next.
      if (Number(cut) > cutoff || (i < size - 1 && positions[i]! >= positions[i + 1]!)) break;
      own.copyWithin(0, 1);
      own[taps - 1] = 0n;
      positions[i]!++;
    }
    let length = taps;
    cut = 0n;
    while (length > 1) {
      cut += magnitude(own[length - 1]!);
      if (Number(cut) > cutoff) break;
      length--;
    }
    kept = Math.max(kept, length);
  }
  const trimmed = new BigInt64Array(size * kept);
  for (let i = 0; i < size; i++) trimmed.set(weights.subarray(i * taps, i * taps + kept), i * kept);
  return { taps: kept, positions, weights: trimmed };
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/** Taps outside the source are added to its first or last sample. */
function foldBorders(wide: WideFilter, srcSize: number): WideFilter {
  const { taps } = wide;
  const weights = new BigInt64Array(wide.weights.length);
  const positions = wide.positions.map((position, i) => {
    const folded = Math.max(Math.min(Math.max(position, 0), srcSize - taps), 0);
    for (let j = 0; j < taps; j++) {
      const sample = Math.min(Math.max(position + j, 0), srcSize - 1);
      weights[i * taps + sample - folded]! += wide.weights[i * taps + j]!;
    }
    return folded;
  });
  return { taps, positions, weights };
}

/** Rounds to integers that sum to `one`, passing each rounding error on to the next tap. */
function quantise({ taps, positions, weights }: WideFilter, one: number): ScaleFilter {
  const coefficients = new Int16Array(weights.length);
  const wideOne = BigInt(one);
  for (let first = 0; first < weights.length; first += taps) {
    let sum = 0n;
    for (let j = 0; j < taps; j++) sum += weights[first + j]!;
    const divisor = (sum + wideOne / 2n) / wideOne || 1n;
    let error = 0n;
    for (let j = 0; j < taps; j++) {
      const value = weights[first + j]! + error;
      const rounded = (value < 0n ? value - divisor / 2n : value + divisor / 2n) / divisor;
      coefficients[first + j] = Number(rounded);
      error = value - rounded * divisor;
    }
  }
  return { taps, positions: Int32Array.from(positions), coefficients };
}
