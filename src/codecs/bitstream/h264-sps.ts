/** H.264's sequence parameter set (Rec. ITU-T H.264, 7.3.2.1.1 and E.1.1). */
import type { BitReader } from './bit-reader.ts';
import { type Crop, noCrop, type PictureFacts } from './bitstream-facts.ts';
import { noVui, readVui, type Vui } from './vui.ts';
import { type Samples, withGreyChroma, yuvFormat } from './yuv-format.ts';

const MACROBLOCK = 16;
/** Profiles whose parameter sets tell the chroma format. */
const profilesWithChroma = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);
/** Macroblocks of a side; level 6.2 allows 1055. */
const MOST_MACROBLOCKS = 4096;

export interface H264Sps {
  readonly id: number;
  /** profile_idc, the constraint flags and level_idc, 8 bits each. */
  readonly profile: number;
  readonly picture: PictureFacts;
}

/**
 * Reads the parameter set behind its NAL header.
 * @throws DnnError `EINVAL` for values out of range, or a crop that leaves nothing.
 */
export function readH264Sps(bits: BitReader): H264Sps {
  const profileIdc = bits.bits(8);
  const profile = 65536 * profileIdc + bits.bits(16);
  const id = bits.ueUpTo('seq_parameter_set_id', 31);
  const chroma = profilesWithChroma.has(profileIdc) ? readChroma(bits) : ordinaryChroma;
  bits.ue(); // log2_max_frame_num_minus4
  skipPictureOrder(bits);
  bits.ue(); // max_num_ref_frames
  bits.bit(); // gaps_in_frame_num_value_allowed_flag
  const columns = bits.ueUpTo('pic_width_in_mbs_minus1', MOST_MACROBLOCKS - 1) + 1;
  const rows = bits.ueUpTo('pic_height_in_map_units_minus1', MOST_MACROBLOCKS - 1) + 1;
  const fields = bits.flag() ? 1 : 2; // frame_mbs_only_flag
  if (fields === 2) bits.bit(); // mb_adaptive_frame_field_flag
  bits.bit(); // direct_8x8_inference_flag
  const codedWidth = MACROBLOCK * columns;
  const codedHeight = MACROBLOCK * rows * fields;
  const unitX = chroma.chromaFormat === 1 || chroma.chromaFormat === 2 ? 2 : 1;
  const unitY = (chroma.chromaFormat === 1 ? 2 : 1) * fields;
  const crop = bits.flag() ? readCrop(bits, unitX, unitY) : noCrop;
  const width = codedWidth - crop.left - crop.right;
  const height = codedHeight - crop.top - crop.bottom;
  if (width <= 0 || height <= 0) throw bits.invalid('the crop leaves nothing of the picture');
  const { sampleAspectRatio, isRgb }: Vui = bits.flag() ? readVui(bits) : noVui;
  // As h264_slice.c · get_pixel_format.
  const pixelFormat = yuvFormat({ ...withGreyChroma(chroma), isRgb });
  return { id, profile, picture: { pixelFormat, width, height, crop, sampleAspectRatio } };
}

type Chroma = Omit<Samples, 'isRgb'>;

const ordinaryChroma: Chroma = { chromaFormat: 1, lumaBits: 8, chromaBits: 8 };

function readChroma(bits: BitReader): Chroma {
  const chromaFormat = bits.ueUpTo('chroma_format_idc', 3);
  const isSeparate = chromaFormat === 3 && bits.flag(); // separate_colour_plane_flag
  const lumaBits = bits.ueUpTo('bit_depth_luma_minus8', 6) + 8;
  const chromaBits = bits.ueUpTo('bit_depth_chroma_minus8', 6) + 8;
  bits.bit(); // qpprime_y_zero_transform_bypass_flag
  if (bits.flag()) {
    const lists = chromaFormat === 3 ? 12 : 8;
    for (let i = 0; i < lists; i++) if (bits.flag()) skipScalingList(bits, i < 6 ? 16 : 64);
  }
  return { chromaFormat: isSeparate ? undefined : chromaFormat, lumaBits, chromaBits };
}

/** 7.3.2.1.1.1. */
function skipScalingList(bits: BitReader, size: number): void {
  let last = 8;
  let next = 8;
  for (let i = 0; i < size; i++) {
    if (next !== 0) next = (last + bits.se() + 256) % 256;
    last = next === 0 ? last : next;
  }
}

function skipPictureOrder(bits: BitReader): void {
  const type = bits.ueUpTo('pic_order_cnt_type', 2);
  if (type === 0) bits.ue(); // log2_max_pic_order_cnt_lsb_minus4
  if (type !== 1) return;
  bits.bit(); // delta_pic_order_always_zero_flag
  bits.se(); // offset_for_non_ref_pic
  bits.se(); // offset_for_top_to_bottom_field
  const count = bits.ueUpTo('num_ref_frames_in_pic_order_cnt_cycle', 255);
  for (let i = 0; i < count; i++) bits.se();
}

function readCrop(bits: BitReader, unitX: number, unitY: number): Crop {
  const left = unitX * bits.ue();
  const right = unitX * bits.ue();
  const top = unitY * bits.ue();
  const bottom = unitY * bits.ue();
  return { left, top, right, bottom };
}
