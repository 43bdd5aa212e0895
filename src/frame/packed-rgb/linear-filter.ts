/**
 * The linear filters of one dimension (libswscale/utils.c · initFilter for
 * SWS_FAST_BILINEAR and SWS_BILINEAR, C code).
 */
import {
  filterIncrement,
  identityFilter,
  initFilter,
  isUnscaled,
  type ScaleFilter,
  type WideFilter,
} from '../init-filter.ts';

/** SWS_MAX_REDUCE_CUTOFF in the units below. */
const cutoff = 0.002 * 65536;

/**
 * The filter of SWS_FAST_BILINEAR from `srcSize` to `dstSize` samples, both at least 1: between the
 * two nearest samples, however much the picture shrinks. The coefficients sum to `one`, at most
 * 2^14. It is what `initFilter` makes of these weights, without its wide integers, since a
 * classifying model gets boxes of ever new sizes.
 */
export function fastBilinearFilter(srcSize: number, dstSize: number, one: number): ScaleFilter {
  const increment = filterIncrement(srcSize, dstSize);
  if (isUnscaled(increment)) return identityFilter(srcSize, dstSize, one);
  const positions = new Int32Array(dstSize);
  /** Weights of the second samples, of 65536. */
  const seconds = new Int32Array(dstSize);
  let taps = 1;
  for (let i = dstSize - 1; i >= 0; i--) {
    // The position of the sample's centre in 2^-16 source samples, counted from the centre of the first one.
    const centre = Math.floor(increment / 2) - 32768 + i * increment;
    let position = Math.floor(centre / 65536);
    let second = centre - position * 65536;
    if (65536 - second <= cutoff && (i === dstSize - 1 || position < positions[i + 1]!)) {
      position++;
      second = 0;
    }
    if (second > cutoff) taps = 2;
    positions[i] = position;
    seconds[i] = second;
  }
  const coefficients = new Int16Array(dstSize * taps);
  for (let i = 0; i < dstSize; i++) {
    const position = positions[i]!;
    positions[i] = Math.max(Math.min(position, srcSize - taps), 0);
    if (taps === 1) coefficients[i] = one;
    else storePair(coefficients, 2 * i, one, position, srcSize, seconds[i]!);
  }
  return { taps, positions, coefficients };
}

/** Two taps of which those outside the source are its first or last sample's. */
function storePair(
  coefficients: Int16Array,
  at: number,
  one: number,
  position: number,
  srcSize: number,
  second: number,
): void {
  let first = Math.floor(((65536 - second) * one) / 65536 + 0.5);
  if (position < 0 || srcSize === 1) first = one;
  else if (position >= srcSize - 1) first = 0;
  coefficients[at] = first;
  coefficients[at + 1] = one - first;
}

/**
 * The filter of SWS_BILINEAR, a triangle as wide as what a destination sample
 * covers; sizes and `one` as above.
 */
export function bilinearFilter(srcSize: number, dstSize: number, one: number): ScaleFilter {
  return initFilter(srcSize, dstSize, one, ({ increment, shrinkLog2 }): WideFilter => {
    const unit = 1n << BigInt(24 - shrinkLog2);
    const shrinks = increment > 65536;
    const wanted = shrinks ? 1 + Math.ceil((2 * srcSize) / dstSize) : 3;
    const taps = Math.max(Math.min(wanted, srcSize - 2), 1);
    const positions: number[] = [];
    const weights = new BigInt64Array(dstSize * taps);
    for (let i = 0; i < dstSize; i++) {
      // In 2^-17 source samples; the division truncates toward zero, which matters at the left edge.
      const centre = increment * (2 * i + 1) - 65536;
      const position = Math.trunc((centre - (taps - 2) * 65536) / 131072);
      positions.push(position);
      for (let j = 0; j < taps; j++) {
        let distance = BigInt(Math.abs((position + j) * 131072 - centre)) << 13n;
        if (shrinks) distance = (distance * BigInt(dstSize)) / BigInt(srcSize);
        const weight = (1n << 30n) - distance;
        weights[i * taps + j] = weight < 0n ? 0n : weight * unit;
      }
    }
    return { taps, positions, weights };
  });
}
