/**
 * The bicubic filter of one dimension of a scaled plane, with swscale's integers: libswscale/utils.c · initFilter for
 * SWS_BICUBIC with default parameters, as its C code computes it. Equal coefficients make equal pixels.
 */

/** Output sample i is the sum over j of `coefficients[i * taps + j]` times source sample `positions[i] + j`. */
export interface ScaleFilter {
  readonly taps: number;
  /** First source sample of each output sample; `positions[i] + taps` never exceeds the source size. */
  readonly positions: Int32Array;
  /** The taps of one output sample sum to `one`. */
  readonly coefficients: Int16Array;
}

/** What initFilter works on before the coefficients are rounded: weights in 64-bit fixed point, `taps` per sample. */
interface WideFilter {
  readonly taps: number;
  readonly positions: number[];
  readonly weights: BigInt64Array;
}

/** SWS_MAX_REDUCE_CUTOFF: the share of the whole that may be cut off at each end of a filter. */
const maxReduceCutoff = 0.002;
/** The cubic's parameter C = 0.6 in 24 bits; B is 0. */
const cubicC = BigInt(Math.trunc(0.6 * 2 ** 24));
const cubicUnit = 1n << 24n;
/** A distance of one (destination or source) sample. */
const distanceUnit = 1n << 30n;

/**
 * The filter from `srcSize` to `dstSize` samples, both at least 1, centres aligned, with coefficients that sum to `one`
 * (at most 2^14).
 */
export function bicubicFilter(srcSize: number, dstSize: number, one: number): ScaleFilter {
  const increment = Math.floor((srcSize * 65536 + Math.floor(dstSize / 2)) / dstSize);
  if (Math.abs(increment - 65536) < 10) return identityFilter(srcSize, dstSize, one);
  const shrinkLog2 = Math.min(Math.floor(Math.log2(Math.max(1, Math.floor(srcSize / dstSize)))), 8);
  const unitLog2 = 54 - shrinkLog2;
  const wide = trim(wideBicubic(srcSize, dstSize, increment, shrinkLog2), maxReduceCutoff * 2 ** unitLog2);
  return quantise(foldBorders(wide, srcSize), one);
}

/** Sizes so near each other that swscale calls the dimension unscaled: every sample is copied. */
function identityFilter(srcSize: number, dstSize: number, one: number): ScaleFilter {
  return {
    taps: 1,
    positions: Int32Array.from({ length: dstSize }, (_, i) => Math.min(i, srcSize - 1)),
    coefficients: new Int16Array(dstSize).fill(one),
  };
}

function wideBicubic(srcSize: number, dstSize: number, increment: number, shrinkLog2: number): WideFilter {
  const shrinks = increment > 65536;
  const wanted = shrinks ? 1 + Math.ceil((4 * srcSize) / dstSize) : 5;
  const taps = Math.max(Math.min(wanted, srcSize - 2), 1);
  const positions: number[] = [];
  const weights = new BigInt64Array(dstSize * taps);
  const known = new Map<number, bigint>();
  for (let i = 0; i < dstSize; i++) {
    // In units of 2^-17 source samples. The division truncates toward zero, which matters at the left edge.
    const centre = increment * (2 * i + 1) - 65536;
    const position = Math.trunc((centre - (taps - 2) * 65536) / 131072);
    positions.push(position);
    for (let j = 0; j < taps; j++) {
      const offset = Math.abs((position + j) * 131072 - centre);
      let weight = known.get(offset);
      if (weight === undefined) {
        const distance = BigInt(offset) << 13n;
        weight = cubic(shrinks ? (distance * BigInt(dstSize)) / BigInt(srcSize) : distance);
        weight /= 1n << BigInt(shrinkLog2);
        known.set(offset, weight);
      }
      weights[i * taps + j] = weight;
    }
  }
  return { taps, positions, weights };
}

/** Six times the cubic kernel with B = 0, C = 0.6, scaled by 2^54; the powers of the distance lose their low bits as in C. */
function cubic(distance: bigint): bigint {
  if (distance >= 2n * distanceUnit) return 0n;
  const square = (distance * distance) >> 30n;
  const cube = (square * distance) >> 30n;
  return distance < distanceUnit
    ? (12n * cubicUnit - 6n * cubicC) * cube +
        (6n * cubicC - 18n * cubicUnit) * square +
        6n * cubicUnit * distanceUnit
    : 30n * cubicC * square - 6n * cubicC * cube - 48n * cubicC * distance + 24n * cubicC * distanceUnit;
}

/** Drops taps next to nothing: on the left by moving a sample's taps, on the right by shortening the whole filter. */
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
    const folded = Math.min(Math.max(position, 0), srcSize - taps);
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
