/** H.265's sequence parameter set (Rec. ITU-T H.265, 7.3.2.2.1). */
import type { BitReader } from './bit-reader.ts';
import { type Crop, noCrop, type PictureFacts } from './bitstream-facts.ts';
import { readHevcProfile } from './hevc-profile.ts';
import { skipReferencePictureSets, skipScalingLists } from './hevc-skipped-fields.ts';
import { noVui, readVui, type Vui } from './vui.ts';
import { yuvFormat } from './yuv-format.ts';

/** Luma samples of a side; level 6.2 allows 16888. */
const LONGEST_SIDE = 65536;

export interface HevcSps {
  readonly id: number;
  /** The codec string behind `hvc1.` or `hev1.`. */
  readonly profile: string;
  readonly picture: PictureFacts;
}

/**
 * Reads the parameter set behind its NAL header.
 * @throws DnnError `EINVAL` for values out of range, or a crop that leaves nothing.
 */
export function readHevcSps(bits: BitReader): HevcSps {
  bits.skip(4); // sps_video_parameter_set_id
  const subLayers = bits.bits(3);
  bits.bit(); // sps_temporal_id_nesting_flag
  const profile = readHevcProfile(bits, subLayers);
  const id = bits.ueUpTo('sps_seq_parameter_set_id', 15);
  const chroma = bits.ueUpTo('chroma_format_idc', 3);
  const isSeparate = chroma === 3 && bits.flag(); // separate_colour_plane_flag
  const codedWidth = bits.ueUpTo('pic_width_in_luma_samples', LONGEST_SIDE);
  const codedHeight = bits.ueUpTo('pic_height_in_luma_samples', LONGEST_SIDE);
  const crop = bits.flag() ? readConformanceWindow(bits, chroma) : noCrop;
  const width = codedWidth - crop.left - crop.right;
  const height = codedHeight - crop.top - crop.bottom;
  if (width <= 0 || height <= 0) throw bits.invalid('the conformance window leaves nothing of the picture');
  const lumaBits = bits.ueUpTo('bit_depth_luma_minus8', 8) + 8;
  const chromaBits = bits.ueUpTo('bit_depth_chroma_minus8', 8) + 8;
  skipToVui(bits, subLayers);
  const { sampleAspectRatio, isRgb }: Vui = bits.flag() ? readVui(bits) : noVui;
  const chromaFormat = isSeparate ? undefined : chroma;
  const pixelFormat = yuvFormat({ chromaFormat, lumaBits, chromaBits, isRgb });
  return { id, profile, picture: { pixelFormat, width, height, crop, sampleAspectRatio } };
}

function readConformanceWindow(bits: BitReader, chroma: number): Crop {
  const unitX = chroma === 1 || chroma === 2 ? 2 : 1;
  const unitY = chroma === 1 ? 2 : 1;
  const left = unitX * bits.ue();
  const right = unitX * bits.ue();
  const top = unitY * bits.ue();
  const bottom = unitY * bits.ue();
  return { left, top, right, bottom };
}

/** From log2_max_pic_order_cnt_lsb_minus4 to strong_intra_smoothing_enabled_flag. */
function skipToVui(bits: BitReader, subLayers: number): void {
  const orderBits = bits.ueUpTo('log2_max_pic_order_cnt_lsb_minus4', 12) + 4;
  const layers = bits.flag() ? subLayers + 1 : 1; // sps_sub_layer_ordering_info_present_flag
  // Buffering, reorder and latency of each; sizes of blocks and depths of transforms.
  for (let i = 0; i < 3 * layers + 6; i++) bits.ue();
  if (bits.flag() && bits.flag()) skipScalingLists(bits); // enabled, and in this parameter set
  bits.skip(2); // amp_enabled_flag, sample_adaptive_offset_enabled_flag
  if (bits.flag()) {
    bits.skip(8); // bit depths of PCM samples
    bits.ue();
    bits.ue();
    bits.bit(); // pcm_loop_filter_disabled_flag
  }
  skipReferencePictureSets(bits, bits.ueUpTo('num_short_term_ref_pic_sets', 64));
  if (bits.flag()) {
    const count = bits.ueUpTo('num_long_term_ref_pics_sps', 32);
    bits.skip(count * (orderBits + 1));
  }
  bits.skip(2); // sps_temporal_mvp_enabled_flag, strong_intra_smoothing_enabled_flag
}
