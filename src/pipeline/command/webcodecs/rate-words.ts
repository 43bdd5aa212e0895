/** The options of an output that choose its frames and make them what the encoder gets. Pure. */
import type { CommandOption } from '../command.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Frames, their times and their pictures (fftools/ffmpeg_opt.c · new_video_stream, ffmpeg_filter.c). */
const rates = words(`
  r fpsmax fps_mode s aspect autoscale enc_time_base force_fps top
  sws_flags sws_dither src_range dst_range src_h_chr_pos src_v_chr_pos dst_h_chr_pos dst_v_chr_pos param0 param1
  gamma alphablend`);

/** Where an output begins and ends: all its streams have to know. */
const limits = words('ss t to frames vframes');

const concernsVideo = ({ specifier }: CommandOption): boolean => /^([vV](:0)?)?$/.test(specifier);

/** Whether an option is for the ffmpeg that gives the encoder its frames. */
export function isRateWord(option: CommandOption): boolean {
  return (rates.has(option.name) || limits.has(option.name)) && concernsVideo(option);
}

/** Whether an option is for that ffmpeg alone, and not for the one that copies what the encoder gives. */
export function isOnlyRateWord(option: CommandOption): boolean {
  return rates.has(option.name) && concernsVideo(option);
}
