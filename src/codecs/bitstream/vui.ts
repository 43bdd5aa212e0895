/** The video usability information of H.264 and H.265 (annex E), as far as both have the same fields. */
import type { Rational } from '../../media/nut/nut-stream.ts';
import type { BitReader } from './bit-reader.ts';

const EXTENDED = 255;

export interface Vui {
  readonly sampleAspectRatio: Rational | undefined;
  /** Whether the planes are green, blue and red (`matrix_coefficients` 0). */
  readonly isRgb: boolean;
}

/** Of a parameter set without. */
export const noVui: Vui = { sampleAspectRatio: undefined, isRgb: false };

/** Table E-1, from `aspect_ratio_idc` 1 on. */
const ratios = [
  [1, 1],
  [12, 11],
  [10, 11],
  [16, 11],
  [40, 33],
  [24, 11],
  [20, 11],
  [32, 11],
  [80, 33],
  [18, 11],
  [15, 11],
  [64, 33],
  [160, 99],
  [4, 3],
  [3, 2],
  [2, 1],
] as const;

/** Reads the beginning, to the matrix of the colours. */
export function readVui(bits: BitReader): Vui {
  const sampleAspectRatio = readSampleAspectRatio(bits);
  if (bits.flag()) bits.bit(); // overscan_info_present_flag, overscan_appropriate_flag
  return { sampleAspectRatio, isRgb: readIsRgb(bits) };
}

/** From `aspect_ratio_info_present_flag` on. */
function readSampleAspectRatio(bits: BitReader): Rational | undefined {
  if (!bits.flag()) return undefined;
  const index = bits.bits(8);
  const [num, den] = index === EXTENDED ? [bits.bits(16), bits.bits(16)] : (ratios[index - 1] ?? [0, 0]);
  return num > 0 && den > 0 ? { num, den } : undefined;
}

/** From `video_signal_type_present_flag` on. */
function readIsRgb(bits: BitReader): boolean {
  if (!bits.flag()) return false;
  bits.skip(4); // video_format, video_full_range_flag
  if (!bits.flag()) return false; // colour_description_present_flag
  bits.skip(16); // colour_primaries, transfer_characteristics
  return bits.bits(8) === 0;
}
