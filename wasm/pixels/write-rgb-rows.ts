/**
 * Two rows of luma with one row of chroma as packed RGB or BGR (libswscale/yuv2rgb.c · yuv2rgb_c_24_rgb).
 *
 * The tables of swscale are lines, cut to 0 … 255: a chroma sample moves luma by `offset + (sample *
 * increment >> 16)`, and a moved luma k gives the level `k + (k * slope + bias >> 16)`.
 */

/** Of a chroma plane for eight samples. */
function moves(samples: v128, increment: v128): v128 {
  const low = i32x4.shr_s(i32x4.mul(i32x4.extend_low_i16x8_u(samples), increment), 16);
  const high = i32x4.shr_s(i32x4.mul(i32x4.extend_high_i16x8_u(samples), increment), 16);
  return i16x8.narrow_i32x4_s(low, high);
}

/** Eight levels, not yet cut. */
function levels(moved: v128, slope: v128, bias: v128): v128 {
  const low = i32x4.dot_i16x8_s(v128.shuffle<i16>(moved, bias, 0, 8, 1, 9, 2, 10, 3, 11), slope);
  const high = i32x4.dot_i16x8_s(v128.shuffle<i16>(moved, bias, 4, 12, 5, 13, 6, 14, 7, 15), slope);
  return i16x8.add(moved, i16x8.narrow_i32x4_s(i32x4.shr_s(low, 16), i32x4.shr_s(high, 16)));
}

/** Sixteen levels of a channel for the luma of sixteen pixels and the moves of their eight chroma samples. */
function channel(luma: v128, move: v128, slope: v128, bias: v128): v128 {
  const first = i16x8.add(
    i16x8.extend_low_i8x16_u(luma),
    v128.shuffle<i16>(move, move, 0, 0, 1, 1, 2, 2, 3, 3),
  );
  const second = i16x8.add(
    i16x8.extend_high_i8x16_u(luma),
    v128.shuffle<i16>(move, move, 4, 4, 5, 5, 6, 6, 7, 7),
  );
  return i8x16.narrow_i16x8_u(levels(first, slope, bias), levels(second, slope, bias));
}

/** Stores sixteen pixels, 48 bytes. */
function storePixels(dest: usize, a: v128, b: v128, c: v128): void {
  const ab = v128.shuffle<i8>(a, b, 0, 16, 0, 1, 17, 0, 2, 18, 0, 3, 19, 0, 4, 20, 0, 5);
  v128.store(dest, v128.shuffle<i8>(ab, c, 0, 1, 16, 3, 4, 17, 6, 7, 18, 9, 10, 19, 12, 13, 20, 15));
  const bc = v128.shuffle<i8>(b, c, 5, 21, 0, 6, 22, 0, 7, 23, 0, 8, 24, 0, 9, 25, 0, 10);
  v128.store(dest, v128.shuffle<i8>(bc, a, 0, 1, 22, 3, 4, 23, 6, 7, 24, 9, 10, 25, 12, 13, 26, 15), 16);
  const ca = v128.shuffle<i8>(c, a, 10, 27, 0, 11, 28, 0, 12, 29, 0, 13, 30, 0, 14, 31, 0, 15);
  v128.store(dest, v128.shuffle<i8>(ca, b, 0, 1, 27, 3, 4, 28, 6, 7, 29, 9, 10, 30, 12, 13, 31, 15), 32);
}

/**
 * Rows are written in groups of sixteen pixels: up to 45 bytes behind a row are written too, and up to 15
 * bytes behind those of the source are read.
 *
 * @param luma two rows, `lumaBytes` from one to the other.
 * @param dest likewise, `destBytes` from one to the other.
 * @param parameters nine int32: the increments of the first channel by V, of the second by U and by V, of the
 *   third by U; their offsets; slope, with 2^14 in the upper half; what is multiplied by 2^14 in the bias.
 */
export function writeRgbRows(
  luma: usize,
  lumaBytes: i32,
  chromaU: usize,
  chromaV: usize,
  width: i32,
  dest: usize,
  destBytes: i32,
  parameters: usize,
): void {
  const redByV = v128.load32_splat(parameters);
  const greenByU = v128.load32_splat(parameters, 4);
  const greenByV = v128.load32_splat(parameters, 8);
  const blueByU = v128.load32_splat(parameters, 12);
  const redOffset = v128.load16_splat(parameters, 16);
  const greenOffset = v128.load16_splat(parameters, 20);
  const blueOffset = v128.load16_splat(parameters, 24);
  const slope = v128.load32_splat(parameters, 28);
  const bias = v128.load16_splat(parameters, 32);
  for (let at = 0; at < width; at += 16) {
    const u = v128.load8x8_u(chromaU + (at >> 1));
    const v = v128.load8x8_u(chromaV + (at >> 1));
    const red = i16x8.add(moves(v, redByV), redOffset);
    const green = i16x8.add(i16x8.add(moves(u, greenByU), moves(v, greenByV)), greenOffset);
    const blue = i16x8.add(moves(u, blueByU), blueOffset);
    const upper = v128.load(luma + at);
    storePixels(
      dest + 3 * at,
      channel(upper, red, slope, bias),
      channel(upper, green, slope, bias),
      channel(upper, blue, slope, bias),
    );
    const lower = v128.load(luma + lumaBytes + at);
    storePixels(
      dest + destBytes + 3 * at,
      channel(lower, red, slope, bias),
      channel(lower, green, slope, bias),
      channel(lower, blue, slope, bias),
    );
  }
}
