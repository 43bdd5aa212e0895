/**
 * `-force_key_frames`: at which frames it asks for a key frame; mirrors fftools/ffmpeg.c · do_video_out and
 * ffmpeg_opt.c · parse_forced_key_frames of 5.1.
 */
import { parseExpression, type Expression } from '../../../base/expression.ts';
import { sourceText } from '../../../base/source-text.ts';
import { parseTime } from '../parse-time.ts';
import type { CommandOption, FileGroup } from '../command.ts';
import { refused } from './encoder-option.ts';
import { videoOption } from './encoder-words.ts';

const variables = ['n', 'n_forced', 'prev_forced_n', 'prev_forced_t', 't'] as const;

/** Of one encoder: it counts frames. */
export class KeyFrameTimes {
  /** Seconds that are still to come, ascending. */
  readonly #times: number[];
  readonly #expression: Expression | undefined;
  #firstTime: number | undefined;
  #frames = 0;
  #forced = 0;
  #forcedFrame = NaN;
  #forcedTime = NaN;

  private constructor(times: readonly number[], expression: Expression | undefined) {
    this.#times = [...times];
    this.#expression = expression;
  }

  /** @throws DnnError `EINVAL` for what is neither times nor an expression, with what to write. */
  static of(output: FileGroup): KeyFrameTimes {
    const option = videoOption(output, 'force_key_frames');
    if (option === undefined) return new KeyFrameTimes([], undefined);
    if (option.value.startsWith('expr:')) {
      const source = sourceText(option.value.slice('expr:'.length));
      return new KeyFrameTimes([], parseExpression(source, variables, { option: option.name }));
    }
    return new KeyFrameTimes(timesOf(option), undefined);
  }

  /** Whether a frame has to be a key frame; to be asked of each in turn. @param time in seconds. */
  isForced(time: number): boolean {
    this.#firstTime ??= time;
    // Within less than a tick of any time base, so that sums of seconds are what they were meant to be.
    if (this.#times[0] !== undefined && time >= this.#times[0] - 1e-7) {
      this.#times.shift();
      return true;
    }
    return this.#expression !== undefined && this.#asks(this.#expression, time - this.#firstTime);
  }

  #asks(expression: Expression, time: number): boolean {
    const frame = this.#frames++;
    const value = expression.evaluate([frame, this.#forced, this.#forcedFrame, this.#forcedTime, time]);
    // As in C, NaN is true.
    if (value === 0) return false;
    this.#forcedFrame = frame;
    this.#forcedTime = time;
    this.#forced += 1;
    return true;
  }
}

function timesOf(option: CommandOption): number[] {
  const texts = option.value.split(',');
  const times = texts.map(parseTime);
  const wrong = texts.find((_, index) => times[index] === undefined);
  if (wrong === undefined) return times.filter((time) => time !== undefined).sort((a, b) => a - b);
  const why = /^(chapters|source)/.test(wrong)
    ? `${wrong.split(/[+-]/)[0]!} is not known to it`
    : `'${wrong}' is no time`;
  throw refused(
    option,
    `${option.words.join(' ')}: ${why}: write times such as 0,2.5,00:00:05, or an expression such as ` +
      'expr:gte(t,n_forced*2)',
  );
}
