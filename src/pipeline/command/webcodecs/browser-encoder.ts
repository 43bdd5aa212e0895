/** What the user asks of a browser's encoder, from the options of an output. Pure. */
import type { CodecName, RateControl } from '../../../codecs/codec-contract.ts';
import { encoderCodecs } from '../../../codecs/parameters/encoder-profiles.ts';
import type { PixelFormat } from '../../../frame/pixel-format.ts';
import { framePixelFormats } from '../../../frame/pixel-format.ts';
import { parseOptionNumber } from '../../../base/option-table-values.ts';
import type { CommandOption, FileGroup } from '../command.ts';
import { encoderName, encoderOption, refused } from './encoder-option.ts';
import { encoderRate, hasQuality, type EncodedPicture } from './encoder-rate.ts';
import { videoOption } from './encoder-words.ts';
import { KeyFrameTimes } from './key-frame-times.ts';

/** An encoder with its settings. */
export interface BrowserEncoder {
  readonly codec: CodecName;
  /** The option that names it. */
  readonly option: CommandOption;
  /** Of the frames that it gets. */
  readonly pixelFormat: PixelFormat;
  /** For frames of a size and rate. */
  readonly rateOf: (picture: EncodedPicture) => RateControl;
  /** Frames from one key frame to the next, at most. */
  readonly keyInterval: number;
  /** FFmpeg's name; undefined where the best one is to be taken. */
  readonly profile: string | undefined;
  readonly latencyMode: 'quality' | 'realtime';
}

/** That of x264 and x265, where `-g` is left out. */
const defaultKeyInterval = 250;

/**
 * @returns undefined where ffmpeg encodes the output's video, or it has none (`-vn`).
 * @throws DnnError `EINVAL` for options that contradict each other, or that this encoder does not have, with
 *   what to write.
 */
export function browserEncoder(output: FileGroup): BrowserEncoder | undefined {
  const named = encoderOption(output);
  if (named === undefined || output.options.findLast(({ name }) => name === 'vn')?.value === '1')
    return undefined;
  const { codec, option } = named;
  refuseMissing(output, codec);
  // Read for its errors here; each job reads it anew, since it counts frames.
  KeyFrameTimes.of(output);
  return {
    codec,
    option,
    pixelFormat: pixelFormatOf(output, codec),
    rateOf: encoderRate(output, codec),
    keyInterval: keyIntervalOf(output),
    profile: videoOption(output, 'profile')?.value,
    latencyMode: latencyModeOf(output),
  };
}

/** Options of ffmpeg's encoders that would change much, and that no browser has. */
function refuseMissing(output: FileGroup, codec: CodecName): void {
  const pass = videoOption(output, 'pass');
  if (pass !== undefined) {
    throw refused(
      pass,
      `${pass.words.join(' ')}: ${encoderName(codec)} encodes in one pass: leave it out, or write -c:v libx264`,
    );
  }
  const scale = videoOption(output, 'q', 'qscale');
  if (scale === undefined) return;
  const instead = hasQuality(codec) ? '-crf 30 or -b:v 2M' : '-b:v 2M';
  throw refused(
    scale,
    `${scale.words.join(' ')}: ${encoderName(codec)} does not know it: write ${instead}, for example`,
  );
}

function pixelFormatOf(output: FileGroup, codec: CodecName): PixelFormat {
  const option = videoOption(output, 'pix_fmt');
  if (option === undefined) return 'yuv420p';
  // ffmpeg's names without byte order stand for this machine's.
  const written = option.value.replace(/^\+/, '');
  const formats = new Set(encoderCodecs[codec].profiles.flatMap(({ pixelFormats }) => pixelFormats));
  const format = framePixelFormats.find((name) => name === written || name === `${written}le`);
  if (format !== undefined && formats.has(format)) return format;
  const what = /^(yuva|rgba|bgra|argb|abgr|gbrap|ya)/.test(written)
    ? 'encoders of browsers keep no transparency'
    : `${encoderName(codec)} does not encode it`;
  const known = [...formats].map((name) => name).join(', ');
  throw refused(option, `${option.words.join(' ')}: ${what}: write one of ${known}`);
}

function keyIntervalOf(output: FileGroup): number {
  const option = videoOption(output, 'g');
  if (option === undefined) return defaultKeyInterval;
  const frames = parseOptionNumber(option.value);
  if (frames !== undefined && Number.isInteger(frames) && frames >= 0) return Math.max(1, frames);
  throw refused(
    option,
    `${option.words.join(' ')}: write the frames from one key frame to the next, such as -g 60`,
  );
}

function latencyModeOf(output: FileGroup): 'quality' | 'realtime' {
  const option = videoOption(output, 'quality');
  if (option === undefined) return 'quality';
  const { value } = option;
  if (value === 'quality' || value === 'realtime') return value;
  throw refused(option, `${option.words.join(' ')}: write -quality quality, or -quality realtime for speed`);
}
