/**
 * One row of Y, U and V as packed 24-bit RGB or BGR (libswscale/output.c ·
 * yuv2rgb_write, yuv2rgb_write_full).
 */
import type { YuvToRgbTables } from './yuv-to-rgb-tables.ts';

/** Samples of one row: `y` per pixel; `u` and `v` per pixel or, rounded up, per pair of pixels. */
export interface YuvRow {
  readonly y: Int32Array;
  readonly u: Int32Array;
  readonly v: Int32Array;
}

/**
 * Pairs of pixels that share chroma, in levels. A single pixel at the end has chroma of its own.
 *
 * @param red byte of red within a pixel, 0 or 2; blue has the other one.
 */
export function writeRgbPairs(
  dst: Uint8Array,
  start: number,
  { y, u, v }: YuvRow,
  { luma, redOfV, greenOfU, greenOfV, blueOfU }: YuvToRgbTables,
  red: 0 | 2,
): void {
  const blue = 2 - red;
  for (let x = 0, at = start; x < y.length; x += 2, at += 6) {
    const chroma = x >> 1;
    const r = redOfV[v[chroma]!]!;
    const g = greenOfU[u[chroma]!]! + greenOfV[v[chroma]!]!;
    const b = blueOfU[u[chroma]!]!;
    const first = y[x]!;
    dst[at + red] = luma[r + first]!;
    dst[at + 1] = luma[g + first]!;
    dst[at + blue] = luma[b + first]!;
    if (x + 1 === y.length) break;
    const second = y[x + 1]!;
    dst[at + 3 + red] = luma[r + second]!;
    dst[at + 4] = luma[g + second]!;
    dst[at + 3 + blue] = luma[b + second]!;
  }
}

/** Pixels with chroma each, 512 to a level, chroma counted from 128. */
export function writeRgbFull(
  dst: Uint8Array,
  start: number,
  { y, u, v }: YuvRow,
  tables: YuvToRgbTables,
  red: 0 | 2,
): void {
  const { lumaOffset, lumaFactor, redFactor, greenUFactor, greenVFactor, blueFactor } = tables;
  const blue = 2 - red;
  for (let x = 0, at = start; x < y.length; x++, at += 3) {
    const grey = (y[x]! - lumaOffset) * lumaFactor + (1 << 21);
    dst[at + red] = level(grey + v[x]! * redFactor);
    dst[at + 1] = level(grey + v[x]! * greenVFactor + u[x]! * greenUFactor);
    dst[at + blue] = level(grey + u[x]! * blueFactor);
  }
}

/**
 * Wraps at 32 bits as C's sum does, which levels of legal video do not reach; clips to
 * 30 (av_clip_uintp2), leaves 8.
 */
function level(sum: number): number {
  const value = sum | 0;
  return value <= 0 ? 0 : value >= 1 << 30 ? 255 : value >> 22;
}
