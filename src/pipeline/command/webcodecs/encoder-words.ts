/**
 * The options of an output that are for the encoder of its first video stream: those that an encoder of the
 * browser goes by, and those that have no effect on it. Pure.
 */
import type { CommandOption, FileGroup } from '../command.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** What is read in browser-encoder.ts. */
const heeded = words(`
  b bits_per_pixel maxrate minrate g force_key_frames qp crf profile quality pix_fmt pass q qscale`);

/**
 * What encoders of ffmpeg are set with and those of browsers have no means for: of x264, x265, libvpx,
 * libaom, SVT-AV1, and for all codecs (libavcodec/options_table.h).
 */
const idle = words(`
  preset tune bf refs level bufsize passlogfile x264-params x264opts x265-params aom-params svtav1-params
  rc-lookahead lag-in-frames deadline cpu-used usage speed row-mt tile-columns tile-rows tiles frame-parallel
  auto-alt-ref arnr-maxframes arnr-strength arnr-type static-thresh error-resilient noise-sensitivity sharpness
  undershoot-pct overshoot-pct max-intra-rate aq-mode aq-strength qmin qmax qcomp qdiff qblur keyint_min
  sc_threshold me_method me_range motion-est subq trellis coder cmp b_strategy b-pyramid b-bias b_qfactor b_qoffset
  i_qfactor i_qoffset mixed-refs 8x8dct fast-pskip weightb weightp mbtree deblock psy psy-rd partitions direct-pred
  cplxblur slice-max-size slices nal-hrd rc_init_occupancy fastfirstpass ssim forced-idr intra-refresh wpredp
  crf_max chromaoffset bluray-compat a53cc mbd me_cmp sub_cmp dia_size qphist`);

/** Whether an option's stream specifier takes in an output's first video stream. */
const concernsVideo = ({ specifier }: CommandOption): boolean => /^([vV](:0)?)?$/.test(specifier);

/**
 * `-q 2` without specifier is for sound as well; `-qscale 2` is for video (fftools/ffmpeg_opt.c ·
 * opt_qscale).
 */
const isForVideo = (option: CommandOption): boolean =>
  concernsVideo(option) && !(option.name === 'q' && option.specifier === '');

/**
 * Whether an option is for the encoder alone, so that it is not for the ffmpeg that copies what that gives.
 */
export function isEncoderWord(option: CommandOption): boolean {
  return (heeded.has(option.name) || idle.has(option.name)) && isForVideo(option);
}

/** Options that have no effect on an encoder of the browser. */
export function idleWords({ options }: FileGroup): readonly CommandOption[] {
  return options.filter((option) => idle.has(option.name) && isForVideo(option));
}

/** The option of a name that is in force: the last one. */
export function videoOption({ options }: FileGroup, ...names: readonly string[]): CommandOption | undefined {
  return options.findLast((option) => names.includes(option.name) && isForVideo(option));
}
