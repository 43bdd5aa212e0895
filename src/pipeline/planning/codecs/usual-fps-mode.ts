/**
 * What becomes of frame times where the user leaves it to ffmpeg: it goes by flags of the container
 * (fftools/ffmpeg_opt.c · new_video_stream; AVFMT_VARIABLE_FPS, AVFMT_NOTIMESTAMPS).
 */

/**
 * `container`: each frame at its time; `constant`: frames are repeated and dropped; `passthrough`: nothing.
 */
export type UsualFpsMode = 'container' | 'constant' | 'passthrough';

/** Muxers of 5.1 with AVFMT_VARIABLE_FPS, and avi, which ffmpeg treats as one. */
const variable: ReadonlySet<string> = new Set([
  ...['matroska', 'webm', 'mpegts', 'flv', 'nut', 'avi', 'gif', 'apng', 'webp', 'rtp', 'rtsp'],
  ...['framecrc', 'framehash', 'framemd5'],
]);

/** Those that have no times at all. */
const timeless: ReadonlySet<string> = new Set(['null', 'hash', 'md5', 'streamhash']);

/** @param format ffmpeg's name of the container; undefined where it is not known. */
export function usualFpsMode(format: string | undefined): UsualFpsMode {
  if (format !== undefined && timeless.has(format)) return 'passthrough';
  return format === undefined || variable.has(format) ? 'container' : 'constant';
}
