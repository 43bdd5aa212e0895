/**
 * Floats to bytes of a frame: 255 times the value, ties to even, clipped to 0 … 255, NaN to 0
 * (libswscale/swscale_unscaled.c · grayf32ToY8 and its kin).
 */

/** Four values as 32-bit integers; the conversion saturates and gives 0 for NaN. */
function rounded(v: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v, f32x4.splat(255))));
}

/** The product is rounded to float32 first, then to the byte. @param count number of floats, and of bytes. */
export function floatsToBytes(source: usize, dest: usize, count: i32): void {
  let left = count;
  for (; left >= 16; left -= 16, source += 64, dest += 16) {
    const low = i16x8.narrow_i32x4_s(rounded(v128.load(source)), rounded(v128.load(source, 16)));
    const high = i16x8.narrow_i32x4_s(rounded(v128.load(source, 32)), rounded(v128.load(source, 48)));
    v128.store(dest, i8x16.narrow_i16x8_u(low, high));
  }
  for (; left > 0; left--, source += 4, dest++) {
    const words = rounded(v128.load32_zero(source));
    const halves = i16x8.narrow_i32x4_s(words, words);
    v128.store_lane<u8>(dest, i8x16.narrow_i16x8_u(halves, halves), 0);
  }
}
