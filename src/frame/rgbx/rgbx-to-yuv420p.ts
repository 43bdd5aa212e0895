/** 32-bit pixels as yuv420p, for networks of luma whose source has no YUV: BT.601, limited range. */

/** The tag of what {@link rgbxToYuv420p} writes, as VideoColorSpace has it. */
export const yuv420pColors = {
  primaries: 'bt709',
  transfer: 'iec61966-2-1',
  matrix: 'smpte170m',
  fullRange: false,
} as const;

/**
 * Writes the three planes; a chroma sample is of the mean of its block of 2x2 pixels, fewer at
 * odd edges. All stay the caller's.
 *
 * @param pixels R, G, B and a byte that does not count.
 * @param planes tightly packed: `width x height` bytes, and twice `ceil(width / 2) x ceil(height / 2)`.
 */
export function rgbxToYuv420p(
  pixels: Uint32Array,
  width: number,
  height: number,
  [y, u, v]: readonly [Uint8Array, Uint8Array, Uint8Array],
): void {
  for (let index = 0; index < width * height; index++) {
    const pixel = pixels[index]!;
    const level = 16829 * (pixel & 0xff) + 33039 * ((pixel >>> 8) & 0xff) + 6416 * ((pixel >>> 16) & 0xff);
    y[index] = (level + 1081344) >> 16; // 16.5 of 65536: black and the rounding
  }
  let to = 0;
  for (let row = 0; row < height; row += 2) {
    const top = row * width;
    const below = row + 1 < height ? top + width : top;
    for (let column = 0; column < width; column += 2, to++) {
      const beside = column + 1 < width ? column + 1 : column;
      const a = pixels[top + column]!;
      const b = pixels[top + beside]!;
      const c = pixels[below + column]!;
      const d = pixels[below + beside]!;
      // Red and blue of a pixel do not reach each other in a sum of four.
      const outer = (a & 0xff00ff) + (b & 0xff00ff) + (c & 0xff00ff) + (d & 0xff00ff);
      const red = outer & 0x3ff;
      const blue = (outer >>> 16) & 0x3ff;
      const green = ((a & 0xff00) + (b & 0xff00) + (c & 0xff00) + (d & 0xff00)) >>> 8;
      // Four times 128.5 of 65536: the middle and the rounding.
      u[to] = (-9714 * red - 19071 * green + 28785 * blue + 33685504) >> 18;
      v[to] = (28785 * red - 24103 * green - 4682 * blue + 33685504) >> 18;
    }
  }
}
