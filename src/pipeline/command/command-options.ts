/**
 * How many words each option of the ffmpeg program takes, and whose it is; mirrors
 * fftools/ffmpeg_opt.c and cmdutils.c of 5.1.
 */

/** Whether an option stands for the whole run or for the next file. */
export type OptionScope = 'global' | 'file';

/** What the parser needs to know of one option. */
export interface OptionKind {
  readonly scope: OptionScope;
  /**
   * `flag`: no argument; `bool`: no argument, `-noNAME` switches it off; `value`: one argument; `bool value`:
   * one argument, and none in the form `-noNAME`, which stands for 0; `exit`: prints and ends.
   */
  readonly type: 'flag' | 'bool' | 'value' | 'bool value' | 'exit';
}

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const kinds = new Map<string, OptionKind>();
const add = (scope: OptionScope, type: OptionKind['type'], names: string): void => {
  for (const name of words(names)) kinds.set(name, { scope, type });
};

add(
  'global',
  'exit',
  `L h ? help -help version buildconf formats muxers demuxers devices codecs decoders encoders bsfs protocols
  filters pix_fmts layouts sample_fmts dispositions colors sources sinks hwaccels`,
);
add('global', 'flag', 'report vstats');
add(
  'global',
  'bool',
  `y n hide_banner ignore_unknown copy_unknown recast_media benchmark benchmark_all stdin dump hex copyts
  start_at_zero stats xerror auto_conversion_filters debug_ts psnr qphist`,
);
add(
  'global',
  'value',
  `loglevel v max_alloc cpuflags cpucount filter_threads filter_complex_threads max_error_rate progress timelimit
  vol vsync frame_drop_threshold async adrift_threshold copytb dts_delta_threshold dts_error_threshold abort_on
  filter_complex lavfi filter_complex_script stats_period vstats_file vstats_version sdp_file vaapi_device
  qsv_device init_hw_device filter_hw_device`,
);
add(
  'file',
  'bool',
  `accurate_seek re shortest bitexact copyinkf find_stream_info vn an sn dn force_fps fix_sub_duration`,
);
// HAS_ARG | OPT_BOOL in ffmpeg's table: split_commandline asks for the argument before it looks at the kind.
add('file', 'bool value', 'autorotate autoscale');
add(
  'file',
  'value',
  `f c codec pre map_metadata t to fs ss sseof seek_timestamp timestamp metadata program target apad frames filter filter_script
  reinit_filter discard disposition map map_channel map_chapters isync itsoffset itsscale dframes readrate
  copypriorss tag q qscale profile attach dump_attachment stream_loop thread_queue_size bits_per_raw_sample
  muxdelay muxpreload time_base enc_time_base bsf fpre max_muxing_queue_size muxing_queue_data_threshold dcodec
  vframes r fpsmax s aspect vcodec timecode pass vf ab b pix_fmt rc_override passlogfile intra_matrix
  inter_matrix chroma_intra_matrix top vtag fps_mode streamid force_key_frames hwaccel hwaccel_device
  hwaccel_output_format vbsf vpre aframes aq ar ac acodec af atag sample_fmt channel_layout ch_layout
  guess_layout_max absf apre scodec stag canvas_size spre`,
);

/**
 * The kind of an option by its name without dash and stream specifier; undefined for
 * codec, format and scaler options.
 */
export function optionKind(name: string): OptionKind | undefined {
  return kinds.get(name);
}
