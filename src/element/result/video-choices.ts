/** Which encoders may make the video of a result, and ffmpeg's words for each: a table. */
import type { CodecName, RateControl } from '../../codecs/codec-contract.ts';
import type { ResultFormat, ResultQuality } from './result-wish.ts';

/** What is known of a browser's encoder; `EncoderCapability` is one. */
export interface KnownEncoder {
  readonly codec: CodecName;
  /** By FFmpeg's names; without `yuv420p` it is no use here. */
  readonly pixelFormats: readonly string[];
  /** What has an effect on it. */
  readonly rateControl: readonly RateControl['kind'][];
}

/** One way to encode. */
export interface VideoChoice {
  /** ffmpeg's options. */
  readonly words: string;
  /** What encodes, in a person's words. */
  readonly title: string;
  /** That of the browser's encoder; undefined where ffmpeg's own one encodes. */
  readonly codec?: CodecName;
}

type ByQuality = Readonly<Record<ResultQuality, string>>;

/** Bits per pixel of H.264: `good` is about x264's `-preset veryfast -crf 18`, `smaller` about its crf 22. */
const h264: ByQuality = rates(0.05, 0.1, 0.2);
/** By rate, for a browser that has no constant quality: a third less than H.264 looks the same. */
const vp9: ByQuality = rates(0.035, 0.07, 0.14);
const vp9Quality: ByQuality = { smaller: '-crf 37', good: '-crf 29', best: '-crf 20' };
const vp8: ByQuality = h264;

const x264: ByQuality = { smaller: '-crf 23', good: '-crf 18', best: '-crf 14' };
/** With a limit that is never reached: without one libvpx spends 200 kilobits a second. */
const libvpx: ByQuality = { smaller: '-crf 20', good: '-crf 10', best: '-crf 4' };

function rates(smaller: number, good: number, best: number): ByQuality {
  const words = (bits: number): string => `-bits_per_pixel ${bits}`;
  return { smaller: words(smaller), good: words(good), best: words(best) };
}

/**
 * Encoders for a format, the best first. The last one is ffmpeg's own, which always works.
 *
 * @param known what the browser's encoders are found to do; undefined where nobody has looked, so that a job
 *   has to try them.
 */
export function videoChoices(
  format: ResultFormat,
  quality: ResultQuality,
  known: readonly KnownEncoder[] | undefined,
): readonly [VideoChoice, ...VideoChoice[]] {
  const browsers = format === 'webm' ? webmChoices(quality, known) : [h264Choice(quality)];
  const usable = browsers.filter(
    ({ codec }) => known === undefined || findEncoder(known, codec) !== undefined,
  );
  const [first = ffmpegs(format, quality), ...others] = usable;
  return usable.length === 0 ? [first] : [first, ...others, ffmpegs(format, quality)];
}

function findEncoder(known: readonly KnownEncoder[], codec: CodecName | undefined): KnownEncoder | undefined {
  return known.find((encoder) => encoder.codec === codec && encoder.pixelFormats.includes('yuv420p'));
}

function h264Choice(quality: ResultQuality): VideoChoice {
  return browserChoice('h264', "the browser's H.264 encoder", h264[quality]);
}

function webmChoices(
  quality: ResultQuality,
  known: readonly KnownEncoder[] | undefined,
): readonly VideoChoice[] {
  const hasQuality = findEncoder(known ?? [], 'vp9')?.rateControl.includes('quantizer') ?? false;
  return [
    browserChoice('vp9', "the browser's VP9 encoder", (hasQuality ? vp9Quality : vp9)[quality]),
    browserChoice('vp8', "the browser's VP8 encoder", vp8[quality]),
  ];
}

function browserChoice(codec: CodecName, title: string, rate: string): VideoChoice {
  return { codec, title, words: `-c:v ${codec}_webcodecs ${rate} -pix_fmt yuv420p` };
}

/** For WebM VP8: ffmpeg.wasm's libvpx-vp9 crashes unless it is told to be fast, and is slow then too. */
function ffmpegs(format: ResultFormat, quality: ResultQuality): VideoChoice {
  return format === 'webm'
    ? {
        title: "ffmpeg's VP8 encoder",
        words: `-c:v libvpx -deadline realtime -cpu-used 4 ${libvpx[quality]} -b:v 50M -pix_fmt yuv420p`,
      }
    : { title: "ffmpeg's x264", words: `-c:v libx264 -preset veryfast ${x264[quality]} -pix_fmt yuv420p` };
}
