/** Scales one row to 15-bit samples, 128 a level (libswscale/hscale_fast_bilinear.c, swscale.c; C code). */
import type { ScaleFilter } from '../init-filter.ts';

/** Samples of a row as they are read from a frame: 8 bits, or what RGB and float become (up to 16 bits). */
export type SourceRow = Uint8Array | Uint16Array;

/**
 * hyscale_fast_c, for the source row at `start`: the first samples of both rows coincide, `increment` is 2^16
 * source samples per destination sample.
 */
export function hyscaleFast(
  dst: Int16Array,
  src: Uint8Array,
  start: number,
  srcWidth: number,
  increment: number,
): void {
  const inside = samplesInside(dst.length, srcWidth, increment);
  let position = 0;
  for (let i = 0; i < inside; i++) {
    const at = start + (position >>> 16);
    const left = src[at]!;
    dst[i] = (left << 7) + (src[at + 1]! - left) * ((position & 0xffff) >>> 9);
    position += increment;
  }
  dst.fill(src[start + srcWidth - 1]! << 7, inside);
}

/**
 * hcscale_fast_c: as {@link hyscaleFast}, but its two weights sum to 127, so most
 * samples come out a little low.
 */
export function hcscaleFast(
  dst: Int16Array,
  src: Uint8Array,
  start: number,
  srcWidth: number,
  increment: number,
): void {
  const inside = samplesInside(dst.length, srcWidth, increment);
  let position = 0;
  for (let i = 0; i < inside; i++) {
    const at = start + (position >>> 16);
    const alpha = (position & 0xffff) >>> 9;
    dst[i] = src[at]! * (alpha ^ 127) + src[at + 1]! * alpha;
    position += increment;
  }
  dst.fill(src[start + srcWidth - 1]! << 7, inside);
}

/** Destination samples that lie before the source's last one. */
function samplesInside(dstWidth: number, srcWidth: number, increment: number): number {
  return Math.min(dstWidth, Math.ceil(((srcWidth - 1) * 65536) / increment));
}

/**
 * hScale8To15_c and hScale16To15_c. `shift` is 7 for 8-bit samples, 13 for those
 * of RGB, 15 for those of float.
 */
export function hScale(
  dst: Int16Array,
  src: SourceRow,
  start: number,
  { taps, positions, coefficients }: ScaleFilter,
  shift: number,
): void {
  let tap = 0;
  for (let i = 0; i < dst.length; i++) {
    const position = start + positions[i]!;
    let sum = 0;
    for (let j = 0; j < taps; j++) sum += src[position + j]! * coefficients[tap++]!;
    sum >>= shift;
    dst[i] = sum > 32767 ? 32767 : sum;
  }
}
