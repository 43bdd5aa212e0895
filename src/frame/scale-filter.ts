/**
 * The bicubic filter of one dimension of a scaled plane, with swscale's integers: libswscale/utils.c
 * · initFilter for SWS_BICUBIC with default parameters, as its C code computes it. Equal
 * coefficients make equal pixels.
 */
import { initFilter, type ScaleFilter, type WideFilter } from './init-filter.ts';

/** The cubic's parameter C = 0.6 in 24 bits; B is 0. */
const cubicC = BigInt(Math.trunc(0.6 * 2 ** 24));
const cubicUnit = 1n << 24n;
/** A distance of one (destination or source) sample. */
const distanceUnit = 1n << 30n;

/**
 * The filter from `srcSize` to `dstSize` samples, both at least 1, centres aligned, with coefficients that
 * sum to `one` (at most 2^14); `positions[i] + taps` never exceeds the source size.
 */
export function bicubicFilter(srcSize: number, dstSize: number, one: number): ScaleFilter {
  return initFilter(srcSize, dstSize, one, ({ increment, shrinkLog2 }) =>
    wideBicubic(srcSize, dstSize, increment, shrinkLog2),
  );
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

/**
 * Six times the cubic kernel with B = 0, C = 0.6, scaled by 2^54; the powers of the
 * distance lose their low bits as in C.
 */
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
