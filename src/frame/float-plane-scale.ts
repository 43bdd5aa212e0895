/**
 * Scales a plane of float32 samples with the bicubic filter that swscale computes for
 * 8-bit planes, without rounding.
 */
import type { PlaneSize } from './plane-scale-pass.ts';
import { bicubicFilter } from './scale-filter.ts';

const horizontalOne = 1 << 14;
const verticalOne = 1 << 12;

/** Scales `src` to `dst`, both tightly packed; values outside 0..1 are kept. */
export function scaleFloatPlane(
  src: Float32Array,
  srcSize: PlaneSize,
  dst: Float32Array,
  dstSize: PlaneSize,
): void {
  const horizontal = bicubicFilter(srcSize.width, dstSize.width, horizontalOne);
  const vertical = bicubicFilter(srcSize.height, dstSize.height, verticalOne);
  const { width } = dstSize;
  const rows = new Float32Array(srcSize.height * width);
  for (let y = 0; y < srcSize.height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let tap = 0; tap < horizontal.taps; tap++) {
        const sample = src[y * srcSize.width + horizontal.positions[x]! + tap]!;
        sum += sample * horizontal.coefficients[x * horizontal.taps + tap]!;
      }
      rows[y * width + x] = sum / horizontalOne;
    }
  }
  for (let y = 0; y < dstSize.height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let tap = 0; tap < vertical.taps; tap++) {
        const sample = rows[(vertical.positions[y]! + tap) * width + x]!;
        sum += sample * vertical.coefficients[y * vertical.taps + tap]!;
      }
      dst[y * width + x] = sum / verticalOne;
    }
  }
}
