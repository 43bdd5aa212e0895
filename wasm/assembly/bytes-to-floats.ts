/** Bytes of a frame to floats from 0 to 1: value times float32(1 / 255), as libswscale's uint2float_lut. */

/** The product is rounded once. @param count number of bytes, and of floats. */
export function bytesToFloats(source: usize, dest: usize, count: i32): void {
  const scale = f32x4.splat(f32(1.0 / 255.0));
  let left = count;
  for (; left >= 16; left -= 16, source += 16, dest += 64) {
    const bytes = v128.load(source);
    const low = i16x8.extend_low_i8x16_u(bytes);
    const high = i16x8.extend_high_i8x16_u(bytes);
    v128.store(dest, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(low)), scale));
    v128.store(dest, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(low)), scale), 16);
    v128.store(dest, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(high)), scale), 32);
    v128.store(dest, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(high)), scale), 48);
  }
  for (; left > 0; left--, source++, dest += 4) {
    store<f32>(dest, f32(load<u8>(source)) * f32(1.0 / 255.0));
  }
}
