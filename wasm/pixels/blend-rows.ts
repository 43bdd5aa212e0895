/** A row of bytes from rows of 15-bit samples (libswscale/output.c · yuv2planeX_8_c). */

/** Half a level of the sums, 2^19 to a level (ff_sws_pb_64). */
const half: i32 = 64 << 12;

/**
 * @param rows a ring of rows of int16 samples: row y of the picture is at y modulo `ringRows`.
 * @param rowBytes from row to row of the ring.
 * @param first row of the picture to which the first coefficient belongs.
 * @param coefficients `taps` int16, 2^12 to one.
 * @param dest takes `width` bytes.
 */
export function blendRows(
  rows: usize,
  rowBytes: i32,
  ringRows: i32,
  first: i32,
  coefficients: usize,
  taps: i32,
  dest: usize,
  width: i32,
): void {
  let at: i32 = 0;
  for (; at + 8 <= width; at += 8) {
    let low = i32x4.splat(half);
    let high = low;
    let ring = first % ringRows;
    for (let tap = 0; tap < taps; tap += 2) {
      const upper = v128.load(rows + ring * rowBytes + 2 * at);
      ring = ring + 1 === ringRows ? 0 : ring + 1;
      const isPair = tap + 1 < taps;
      const lower = isPair ? v128.load(rows + ring * rowBytes + 2 * at) : upper;
      ring = ring + 1 === ringRows ? 0 : ring + 1;
      const pair = isPair
        ? v128.load32_splat(coefficients + 2 * tap)
        : i32x4.splat(load<u16>(coefficients + 2 * tap));
      low = i32x4.add(
        low,
        i32x4.dot_i16x8_s(v128.shuffle<i16>(upper, lower, 0, 8, 1, 9, 2, 10, 3, 11), pair),
      );
      high = i32x4.add(
        high,
        i32x4.dot_i16x8_s(v128.shuffle<i16>(upper, lower, 4, 12, 5, 13, 6, 14, 7, 15), pair),
      );
    }
    const levels = i16x8.narrow_i32x4_s(i32x4.shr_s(low, 19), i32x4.shr_s(high, 19));
    v128.store64_lane(dest + at, i8x16.narrow_i16x8_u(levels, levels), 0);
  }
  for (; at < width; at++) {
    let sum = half;
    for (let tap = 0; tap < taps; tap++)
      sum +=
        load<i16>(rows + ((first + tap) % ringRows) * rowBytes + 2 * at) * load<i16>(coefficients + 2 * tap);
    store<u8>(dest + at, min(max(sum >> 19, 0), 255));
  }
}
