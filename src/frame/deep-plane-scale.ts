/**
 * Scales a plane of 9 to 16 bits as swscale does with bicubic filters, by the integers of its C code
 * (libswscale/swscale.c · hScale16To15_c and hScale16To19_c, output.c · yuv2planeX_10_c_template and
 * yuv2planeX_16_c_template).
 */
import type { PlaneSize } from './plane-scale-pass.ts';
import type { ScaleFilter } from './init-filter.ts';
import { bicubicFilter } from './scale-filter.ts';

/** One plane, tightly packed. */
export interface DeepPlane extends PlaneSize {
  readonly samples: Uint16Array;
}

/** What swscale keeps of a row between its two steps: 15 bits, or 19 where 16 bits are written. */
function bitsBetween(depth: number): number {
  return depth > 14 ? 19 : 15;
}

/** Fills `dst` with `src` scaled to its size. Both have samples of `depth` bits, 9 to 16. */
export function scaleDeepPlane(src: DeepPlane, dst: DeepPlane, depth: number): void {
  const horizontal = bicubicFilter(src.width, dst.width, 1 << 14);
  const vertical = bicubicFilter(src.height, dst.height, 1 << 12);
  const rows = scaledRows(src, horizontal, dst.width, depth);
  const unit = 2 ** (12 + bitsBetween(depth) - depth);
  const largest = 2 ** depth - 1;
  const sums = new Float64Array(dst.width);
  for (let y = 0; y < dst.height; y++) {
    sums.fill(unit / 2);
    for (let tap = 0; tap < vertical.taps; tap++) {
      const coefficient = vertical.coefficients[y * vertical.taps + tap]!;
      const row = (vertical.positions[y]! + tap) * dst.width;
      for (let x = 0; x < dst.width; x++) sums[x] = sums[x]! + rows[row + x]! * coefficient;
    }
    for (let x = 0; x < dst.width; x++) {
      dst.samples[y * dst.width + x] = Math.min(Math.max(Math.floor(sums[x]! / unit), 0), largest);
    }
  }
}

/** All rows of `src` at the width of the destination; overshoot is cut, undershoot kept. */
function scaledRows(src: DeepPlane, filter: ScaleFilter, width: number, depth: number): Int32Array {
  const { taps, positions, coefficients } = filter;
  const shift = 14 + depth - bitsBetween(depth);
  const largest = 2 ** bitsBetween(depth) - 1;
  const rows = new Int32Array(width * src.height);
  for (let y = 0; y < src.height; y++) {
    for (let x = 0; x < width; x++) {
      const from = y * src.width + positions[x]!;
      let sum = 0;
      for (let tap = 0; tap < taps; tap++) sum += src.samples[from + tap]! * coefficients[x * taps + tap]!;
      rows[y * width + x] = Math.min(sum >> shift, largest);
    }
  }
  return rows;
}
