/**
 * Rows of packed RGB and of float gray as the samples that swscale scales (libswscale/input.c · rgb24ToY_c,
 * rgb24ToUV_c, rgb24ToUV_half_c, grayf32leToY16_c), BT.601 limited range in 64 a level.
 */

/** Where red, green and blue of a pixel are. */
export interface RgbOffsets {
  readonly red: 0 | 2;
  readonly blue: 0 | 2;
}

export const rgbOffsets: RgbOffsets = { red: 0, blue: 2 };
export const bgrOffsets: RgbOffsets = { red: 2, blue: 0 };

/** RGB2YUV_SHIFT is 15; the factors are the C code's, rounded there. */
const [redY, greenY, blueY] = [8414, 16519, 3208] as const;
const [redU, greenU, blueU] = [-4865, -9528, 14392] as const;
const [redV, greenV, blueV] = [14392, -12061, -2332] as const;

/**
 * Luma of pixels of the row at byte `at` of `src`.
 *
 * @param columns the pixels to convert, each to its own index of `dst`.
 */
export function rgbToLuma(
  dst: Uint16Array,
  src: Uint8Array,
  at: number,
  { red, blue }: RgbOffsets,
  columns: Int32Array,
): void {
  const bias = (32 << 14) + (1 << 8);
  for (let i = 0; i < columns.length; i++) {
    const column = columns[i]!;
    const p = at + 3 * column;
    dst[column] = (redY * src[p + red]! + greenY * src[p + 1]! + blueY * src[p + blue]! + bias) >> 9;
  }
}

/** Chroma of pixels of the row at byte `at` of `src`, `columns` as above. */
export function rgbToChroma(
  dstU: Uint16Array,
  dstV: Uint16Array,
  src: Uint8Array,
  at: number,
  { red, blue }: RgbOffsets,
  columns: Int32Array,
): void {
  const bias = (256 << 14) + (1 << 8);
  for (let i = 0; i < columns.length; i++) {
    const column = columns[i]!;
    const p = at + 3 * column;
    const r = src[p + red]!;
    const g = src[p + 1]!;
    const b = src[p + blue]!;
    dstU[column] = (redU * r + greenU * g + blueU * b + bias) >> 9;
    dstV[column] = (redV * r + greenV * g + blueV * b + bias) >> 9;
  }
}

/**
 * Chroma of pairs of pixels of a row of `width`, of those pairs that `columns` says. The last pixel of an odd
 * row is paired with itself; FFmpeg pairs it with whatever its memory holds behind the row.
 */
export function rgbToHalfChroma(
  dstU: Uint16Array,
  dstV: Uint16Array,
  src: Uint8Array,
  at: number,
  { red, blue }: RgbOffsets,
  columns: Int32Array,
  width: number,
): void {
  const bias = (256 << 15) + (1 << 9);
  for (let i = 0; i < columns.length; i++) {
    const pair = columns[i]!;
    const p = at + 6 * pair;
    const q = 2 * pair + 1 < width ? p + 3 : p;
    const r = src[p + red]! + src[q + red]!;
    const g = src[p + 1]! + src[q + 1]!;
    const b = src[p + blue]! + src[q + blue]!;
    dstU[pair] = (redU * r + greenU * g + blueU * b + bias) >> 10;
    dstV[pair] = (redV * r + greenV * g + blueV * b + bias) >> 10;
  }
}

/**
 * 16 bits of each of `width` little-endian floats from byte `at` of `src`: 0..1,
 * clipped, rounded to even; NaN is 0.
 */
export function floatToLuma(dst: Uint16Array, src: Uint8Array, at: number, width: number): void {
  const view = new DataView(src.buffer, src.byteOffset, src.byteLength);
  for (let i = 0; i < width; i++) {
    const value = Math.fround(65535 * view.getFloat32(at + 4 * i, true));
    if (!(value > 0)) dst[i] = 0;
    else if (value >= 65535) dst[i] = 65535;
    else {
      const floor = Math.floor(value);
      const rest = value - floor;
      dst[i] = rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
    }
  }
}
