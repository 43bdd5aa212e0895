/**
 * The time base of ffmpeg's own encoders, which frames lose on their way through NUT, whose muxer refines it
 * (libavformat/nutenc.c · nut_write_header). Containers choose theirs by it.
 */
import { commonDivisor, lowestTerms } from '../../../base/lowest-terms.ts';
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
  if (ratio !== null) return lowestTerms({ num: Number(ratio[1]), den: Number(ratio[2]) });
  if (Number(asked) !== 0 || frameRate === undefined) return timeBase;
  return lowestTerms({ num: frameRate.den, den: frameRate.num });
}

/**
 * A base in which the `-ss` of the output is whole: ffmpeg adds and takes off in whole ticks what is to
 * come to nothing.
 */
function withStart(timeBase: Rational, { options }: FileGroup): Rational {
  const microseconds = Math.round((parseTime(lastValue(options, 'ss')) ?? 0) * 1e6);
  if (microseconds === 0) return timeBase;
  const den = timeBase.den * 1e6;
  const num = commonDivisor(timeBase.num * 1e6, microseconds * timeBase.den);
  const finer = lowestTerms({ num, den });
  return finer.den > mostTicks ? timeBase : finer;
}
