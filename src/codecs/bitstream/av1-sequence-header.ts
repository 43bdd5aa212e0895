/** AV1's sequence header (AV1 Bitstream & Decoding Process Specification, 5.5). */
import type { BitReader } from './bit-reader.ts';
import type { ColorNumbers } from './color-names.ts';
import type { Samples } from './yuv-format.ts';

/** seq_level_idx from which on there are tiers. */
const FIRST_LEVEL_WITH_TIER = 8;
/** seq_choose_screen_content_tools: each frame tells. */
const SELECT = 2;
/** color_primaries, transfer_characteristics, matrix_coefficients of sRGB. */
const BT709 = 1;
const SRGB = 13;
const IDENTITY = 0;
const UNSPECIFIED = 2;

export interface Av1SequenceHeader {
  readonly profile: number;
  /** seq_level_idx and seq_tier of the first operating point. */
  readonly level: number;
  readonly isHighTier: boolean;
  /** reduced_still_picture_header: all frames are key frames. */
  readonly isStillPicture: boolean;
  /** Luma samples of the largest frame. */
  readonly width: number;
  readonly height: number;
  readonly samples: Samples;
  readonly colors: ColorNumbers;
}

/** @throws DnnError `EINVAL` for a header that is cut or of a profile that there is not. */
export function readAv1SequenceHeader(bits: BitReader): Av1SequenceHeader {
  const profile = bits.bits(3);
  if (profile > 2) throw bits.invalid(`profile ${profile}`);
  bits.bit(); // still_picture
  const isStillPicture = bits.flag();
  const { level, isHighTier } = isStillPicture
    ? { level: bits.bits(5), isHighTier: false }
    : readOperatingPoints(bits);
  const widthBits = bits.bits(4) + 1;
  const heightBits = bits.bits(4) + 1;
  const width = bits.bits(widthBits) + 1;
  const height = bits.bits(heightBits) + 1;
  if (!isStillPicture && bits.flag()) bits.skip(7); // lengths of frame ids
  bits.skip(3); // use_128x128_superblock, enable_filter_intra, enable_intra_edge_filter
  if (!isStillPicture) skipInterTools(bits);
  bits.skip(3); // enable_superres, enable_cdef, enable_restoration
  return {
    profile,
    level,
    isHighTier,
    isStillPicture,
    width,
    height,
    ...readColorConfig(bits, profile),
  };
}

function readOperatingPoints(bits: BitReader): { level: number; isHighTier: boolean } {
  const hasTiming = bits.flag();
  if (hasTiming) {
    bits.skip(64); // num_units_in_display_tick, time_scale
    if (bits.flag()) skipUvlc(bits); // num_ticks_per_picture_minus_1
  }
  const hasDecoderModel = hasTiming && bits.flag();
  const delayBits = hasDecoderModel ? bits.bits(5) + 1 : 0;
  if (hasDecoderModel) bits.skip(42); // num_units_in_decoding_tick, two lengths
  const hasDisplayDelay = bits.flag();
  const count = bits.bits(5) + 1;
  const points = Array.from({ length: count }, () => {
    bits.skip(12); // operating_point_idc
    const level = bits.bits(5);
    const isHighTier = level >= FIRST_LEVEL_WITH_TIER && bits.flag();
    if (hasDecoderModel && bits.flag()) bits.skip(2 * delayBits + 1);
    if (hasDisplayDelay && bits.flag()) bits.skip(4);
    return { level, isHighTier };
  });
  return points[0]!;
}

/** uvlc(), 4.10.3. */
function skipUvlc(bits: BitReader): void {
  let zeros = 0;
  while (!bits.flag()) zeros += 1;
  if (zeros < 32) bits.skip(zeros);
}

/** From enable_interintra_compound to order_hint_bits_minus_1. */
function skipInterTools(bits: BitReader): void {
  bits.skip(4); // compounds, enable_warped_motion, enable_dual_filter
  const hasOrderHint = bits.flag();
  if (hasOrderHint) bits.skip(2); // enable_jnt_comp, enable_ref_frame_mvs
  const screenContent = bits.flag() ? SELECT : bits.bit();
  if (screenContent > 0 && !bits.flag()) bits.bit(); // seq_force_integer_mv
  if (hasOrderHint) bits.skip(3);
}

/** 5.5.2, up to the subsampling. */
function readColorConfig(bits: BitReader, profile: number): Pick<Av1SequenceHeader, 'samples' | 'colors'> {
  const isDeep = bits.flag();
  const depth = isDeep ? (profile === 2 && bits.flag() ? 12 : 10) : 8;
  const isMonochrome = profile !== 1 && bits.flag();
  const tags = bits.flag()
    ? { primaries: bits.bits(8), transfer: bits.bits(8), matrix: bits.bits(8) }
    : { primaries: UNSPECIFIED, transfer: UNSPECIFIED, matrix: UNSPECIFIED };
  const isSrgb = tags.primaries === BT709 && tags.transfer === SRGB && tags.matrix === IDENTITY;
  const isFullRange = (isSrgb && !isMonochrome) || bits.flag();
  const chromaFormat = isMonochrome ? 0 : isSrgb ? 3 : readChromaFormat(bits, profile, depth);
  return {
    samples: { lumaBits: depth, chromaBits: depth, isRgb: tags.matrix === IDENTITY, chromaFormat },
    colors: { ...tags, isFullRange },
  };
}

function readChromaFormat(bits: BitReader, profile: number, depth: number): number {
  if (profile === 0) return 1;
  if (profile === 1) return 3;
  if (depth !== 12) return 2;
  const isNarrow = bits.flag(); // subsampling_x
  const isLow = isNarrow && bits.flag(); // subsampling_y
  return isLow ? 1 : isNarrow ? 2 : 3;
}
