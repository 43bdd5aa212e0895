/** Frames of 4:2:0 as packed RGB in one pass, with the colours that the frame is tagged with. */
import type { YuvToRgb } from './yuv-matrix.ts';

/** The planes of yuv420p or nv12, tightly packed. */
export interface Yuv420 {
  /** Luma size in pixels. */
  readonly width: number;
  readonly height: number;
  readonly y: Uint8Array;
  /**
   * Chroma, rows of `ceil(width / 2)` samples that are `step` bytes apart: 1 in
   * planes of their own, 2 in nv12's.
   */
  readonly u: Uint8Array;
  readonly v: Uint8Array;
  readonly step: 1 | 2;
}

/**
 * Writes `width x height` packed pixels; each chroma sample counts for its block of 2x2 pixels, as in
 * libyuv. Both stay the caller's.
 *
 * @param order of the three bytes of a pixel.
 */
export function yuv420ToRgb24(
  { width, height, y, u, v, step }: Yuv420,
  { black, luma, redV, greenU, greenV, blueU }: YuvToRgb,
  target: Uint8Array,
  order: 'rgb' | 'bgr',
): void {
  // A store to a clamped array clips; the half is what it would round by.
  const clamped = new Uint8ClampedArray(target.buffer, target.byteOffset, 3 * width * height);
  const chromaWidth = (width + 1) >> 1;
  const [first, last] = order === 'rgb' ? [0, 2] : [2, 0];
  for (let row = 0; row < height; row++) {
    let chroma = (row >> 1) * chromaWidth * step;
    let from = row * width;
    const end = from + width;
    let to = 3 * from;
    for (; from < end; chroma += step) {
      const blue = u[chroma]! - 128;
      const red = v[chroma]! - 128;
      const addRed = redV * red + 32768;
      const addGreen = greenU * blue + greenV * red + 32768;
      const addBlue = blueU * blue + 32768;
      const pair = Math.min(from + 2, end);
      for (; from < pair; from++, to += 3) {
        const level = luma * (y[from]! - black);
        clamped[to + first] = (level + addRed) >> 16;
        clamped[to + 1] = (level + addGreen) >> 16;
        clamped[to + last] = (level + addBlue) >> 16;
      }
    }
  }
}
