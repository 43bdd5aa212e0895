/**
 * The time base of ffmpeg's own encoders, which frames lose on their way through NUT, whose muxer refines it
 * (libavformat/nutenc.c · nut_write_header). Containers choose theirs by it.
 */
import type { NutStream, Rational } from '../../../media/nut/nut-stream.ts';
import { lastValue, type FileGroup } from '../../command/command.ts';
import { parseTime } from '../../command/parse-time.ts';

/** The stream of frames whose times are counted otherwise. */
export interface EncoderTimes {
  readonly info: NutStream;
  /** A time in ticks of `info`. */
  readonly ptsOf: (pts: number) => number;
}

/** NUT holds no more. */
const mostTicks = 2 ** 31 - 1;

/** @param info of frames that are at such times, though in ticks of NUT. */
export function encoderTimes(info: NutStream, output: FileGroup): EncoderTimes {
  const timeBase = withStart(encoderTimeBase(info, output), output);
  const ticks = (info.timeBase.num * timeBase.den) / (info.timeBase.den * timeBase.num);
  return { info: { ...info, timeBase }, ptsOf: (pts) => Math.round(pts * ticks) };
}

/** One tick for each frame (fftools/ffmpeg.c · init_encoder_time_base), unless the user asks for another. */
function encoderTimeBase({ frameRate, timeBase }: NutStream, { options }: FileGroup): Rational {
  const asked = options.findLast(({ name }) => name === 'enc_time_base')?.value ?? '0';
  const ratio = /^(\d+)[:/](\d+)$/.exec(asked);
  if (ratio !== null) return reduced(Number(ratio[1]), Number(ratio[2]));
  if (Number(asked) !== 0 || frameRate === undefined) return timeBase;
  return reduced(frameRate.den, frameRate.num);
}

/**
 * A base in which the `-ss` of the output is whole: ffmpeg adds and takes off in whole ticks what is to
 * come to nothing.
 */
function withStart(timeBase: Rational, { options }: FileGroup): Rational {
  const microseconds = Math.round((parseTime(lastValue(options, 'ss')) ?? 0) * 1e6);
  if (microseconds === 0) return timeBase;
  const den = timeBase.den * 1e6;
  const finer = reduced(gcd(timeBase.num * 1e6, microseconds * timeBase.den), den);
  return finer.den > mostTicks ? timeBase : finer;
}

function reduced(num: number, den: number): Rational {
  const divisor = gcd(num, den);
  return { num: num / divisor, den: den / divisor };
}

function gcd(a: number, b: number): number {
  while (b > 0) [a, b] = [b, a % b];
  return a;
}
