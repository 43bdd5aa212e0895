/** Which encoders may make the video of a result, and ffmpeg's words for each: a table. */
import type { CodecName, EncoderCapability, RateControl } from '../../codecs/codec-contract.ts';
import type { ResultFormat, ResultQuality } from './result-wish.ts';

/** One way to encode. */
export interface VideoChoice {
  /** ffmpeg's options. */
  readonly words: string;
  /** What encodes, in a person's words. */
  readonly title: string;
  /** The encoder of the browser that it needs; undefined where ffmpeg's own one encodes. */
  readonly browser?: { readonly codec: CodecName; readonly rate: RateControl['kind'] };
}

type ByQuality = Readonly<Record<ResultQuality, string>>;

/*
 * Each word stands for one quality, whoever encodes: PSNR of luma within 1.2 dB of x264's, on average over
 * 150 frames of film enlarged to 720p (easy) and 150 of grainy film in 480p (hard), measured in Chromium.
 * Where bits are spent by rate, easy film comes out better and hard film worse than that.
 *
 * | dB, easy / hard | x264 | H.264 of the browser | VP9 |
 * |---|---|---|---|
 * | smaller | 41.6 / 37.7 | 42.3 / 36.6 | 42.3 / 37.6 |
 * | good | 43.5 / 40.1 | 43.9 / 39.2 | 44.4 / 39.9 |
 * | best | 44.8 / 41.7 | 44.8 / 41.5 | 45.6 / 41.4 |
 */
const x264: ByQuality = { smaller: '-crf 23', good: '-crf 18', best: '-crf 14' };
const vp9: ByQuality = { smaller: '-crf 40', good: '-crf 34', best: '-crf 29' };
/** With a limit that is never reached: without one libvpx spends 200 kilobits a second. */
const libvpx: ByQuality = { smaller: '-crf 41', good: '-crf 34', best: '-crf 27' };
const h264: ByQuality = rates(0.06, 0.12, 0.24);
/** For a browser on which `-crf` has no effect. */
const vp9Rate: ByQuality = rates(0.04, 0.065, 0.1);
const vp8: ByQuality = rates(0.045, 0.07, 0.1);

function rates(smaller: number, good: number, best: number): ByQuality {
  const words = (bits: number): string => `-bits_per_pixel ${bits}`;
  return { smaller: words(smaller), good: words(good), best: words(best) };
}

/**
 * Ways to encode a format, the best first: each has to do where those before do not work. The last one is by
 * ffmpeg's own encoder, which always works.
 */
export function videoChoices(
  format: ResultFormat,
  quality: ResultQuality,
): readonly [VideoChoice, ...VideoChoice[]] {
  if (format !== 'webm') return [h264Choice(quality), x264Choice(quality)];
  const title = "the browser's VP9 encoder";
  return [
    browserChoice({ codec: 'vp9', rate: 'quantizer' }, title, vp9[quality]),
    browserChoice({ codec: 'vp9', rate: 'bitrate' }, title, vp9Rate[quality]),
    browserChoice({ codec: 'vp8', rate: 'bitrate' }, "the browser's VP8 encoder", vp8[quality]),
    libvpxChoice(quality),
  ];
}

/** Whether a choice works in a browser that has these encoders. */
export function isPossible({ browser }: VideoChoice, encoders: readonly EncoderCapability[]): boolean {
  if (browser === undefined) return true;
  const encoder = encoders.find(({ codec }) => codec === browser.codec);
  if (encoder === undefined) return false;
  return encoder.pixelFormats.includes('yuv420p') && encoder.rateControl.includes(browser.rate);
}

function h264Choice(quality: ResultQuality): VideoChoice {
  const browser = { codec: 'h264', rate: 'bitrate' } as const;
  return browserChoice(browser, "the browser's H.264 encoder", h264[quality]);
}

function browserChoice(browser: Required<VideoChoice>['browser'], title: string, rate: string): VideoChoice {
  return { browser, title, words: `-c:v ${browser.codec}_webcodecs ${rate} -pix_fmt yuv420p` };
}

function x264Choice(quality: ResultQuality): VideoChoice {
  return {
    title: "ffmpeg's x264",
    words: `-c:v libx264 -preset veryfast ${x264[quality]} -pix_fmt yuv420p`,
  };
}

/** VP8, since ffmpeg.wasm's libvpx-vp9 crashes unless it is told to be fast, and is slow even then. */
function libvpxChoice(quality: ResultQuality): VideoChoice {
  return {
    title: "ffmpeg's VP8 encoder",
    words: `-c:v libvpx -deadline realtime -cpu-used 4 ${libvpx[quality]} -b:v 50M -pix_fmt yuv420p`,
  };
}
