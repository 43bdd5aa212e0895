/** Fields of H.265 that only have to be read because others stand behind them. */
import type { BitReader } from './bit-reader.ts';

const MOST_COEFFICIENTS = 64;
const MOST_PICTURES = 16;

/** scaling_list_data (Rec. ITU-T H.265, 7.3.4). */
export function skipScalingLists(bits: BitReader): void {
  for (let size = 0; size < 4; size++) {
    for (let matrix = 0; matrix < 6; matrix += size === 3 ? 3 : 1) {
      if (!bits.flag()) {
        bits.ue(); // scaling_list_pred_matrix_id_delta
        continue;
      }
      if (size > 1) bits.se(); // scaling_list_dc_coef_minus8
      const coefficients = Math.min(MOST_COEFFICIENTS, 16 << (2 * size));
      for (let i = 0; i < coefficients; i++) bits.se();
    }
  }
}

/** `count` times st_ref_pic_set (7.3.7): each may be told by its difference to the one before. */
export function skipReferencePictureSets(bits: BitReader, count: number): void {
  let pictures = 0;
  for (let i = 0; i < count; i++) {
    pictures = i > 0 && bits.flag() ? skipDifferences(bits, pictures) : skipPictures(bits);
  }
}

/** @returns the pictures in the set that follow from those `before`. */
function skipDifferences(bits: BitReader, before: number): number {
  bits.bit(); // delta_rps_sign
  bits.ue(); // abs_delta_rps_minus1
  let pictures = 0;
  for (let i = 0; i <= before; i++) {
    // used_by_curr_pic_flag, else use_delta_flag
    if (bits.flag() || bits.flag()) pictures += 1;
  }
  return pictures;
}

function skipPictures(bits: BitReader): number {
  const negative = bits.ueUpTo('num_negative_pics', MOST_PICTURES);
  const pictures = negative + bits.ueUpTo('num_positive_pics', MOST_PICTURES);
  for (let i = 0; i < pictures; i++) {
    bits.ue(); // delta_poc_minus1
    bits.bit(); // used_by_curr_pic_flag
  }
  return pictures;
}
