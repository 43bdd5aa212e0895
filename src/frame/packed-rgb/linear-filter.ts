/** The linear filters of one dimension (libswscale/utils.c · initFilter for SWS_FAST_BILINEAR and SWS_BILINEAR, C code). */
import { initFilter, type ScaleFilter, type WideFilter } from '../init-filter.ts';

/**
 * The filter of SWS_FAST_BILINEAR from `srcSize` to `dstSize` samples, both at least 1: between the two nearest samples,
 * however much the picture shrinks. The coefficients sum to `one`, at most 2^14.
 */
export function fastBilinearFilter(srcSize: number, dstSize: number, one: number): ScaleFilter {
  return initFilter(srcSize, dstSize, one, ({ increment, shrinkLog2 }): WideFilter => {
    const unit = 1n << BigInt(54 - shrinkLog2);
    const positions: number[] = [];
    const weights = new BigInt64Array(dstSize * 2);
    for (let i = 0; i < dstSize; i++) {
      // The place of the sample's centre in 2^-16 source samples, counted from the centre of the first one.
      const centre = Math.floor(increment / 2) - 32768 + i * increment;
      const position = Math.floor(centre / 65536);
      const distance = BigInt(centre - position * 65536);
      positions.push(position);
      weights[2 * i] = unit - distance * (unit >> 16n);
      weights[2 * i + 1] = distance * (unit >> 16n);
    }
    return { taps: 2, positions, weights };
  });
}

/** The filter of SWS_BILINEAR, a triangle as wide as what a destination sample covers; sizes and `one` as above. */
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
