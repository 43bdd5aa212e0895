/**
 * Words that let ffmpeg tell the packets of its mp4 and mov files, from which an index can be made
 * where ffmpeg does not come to write it. The files are what they are without these words.
 */
import { isLogged, type LogLevel } from '../../base/log.ts';
import type { FollowedLog } from '../../media/mp4/followed-log.ts';
import {
  lastValue,
  splitCommand,
  type Command,
  type CommandOption,
  type FileGroup,
} from '../command/command.ts';
import { hidesStatus, isLevelWord } from '../command/leftover-options.ts';
import { levelNamed, logLevelOf } from '../command/log-level.ts';
import type { Plan } from '../command/plan.ts';

/** Muxers of libavformat/movenc.c whose index stands behind the samples, and extensions that choose them. */
const muxers: ReadonlySet<string> = new Set(['mov', 'mp4', '3gp', '3g2', 'psp', 'ipod', 'f4v']);
const extensions = /\.(mov|mp4|3gp|3g2|psp|m4v|m4a|m4b|f4v)$/i;

/** One write for each packet: so the end of each is known. */
const flushOption: CommandOption = {
  name: 'flush_packets',
  specifier: '',
  value: '1',
  words: ['-flush_packets', '1'],
  position: 0,
};

/** Whether an output has its index behind its samples, unless it is in fragments. */
export function isMovieOutput({ options, url }: FileGroup): boolean {
  const format = lastValue(options, 'f');
  return format === undefined ? extensions.test(url) : muxers.has(format);
}

/** The plan with that option at its mp4 and mov outputs; undefined where it has none. */
export function withFlushedMovies(plan: Plan): Plan | undefined {
  if (!plan.command.outputs.some(isMovieOutput)) return undefined;
  const outputs = plan.command.outputs.map((output) =>
    isMovieOutput(output) ? { ...output, options: [...output.options, flushOption] } : output,
  );
  return { ...plan, command: { ...plan.command, outputs } };
}

/** A run without DNN filters whose packets are told. */
export interface FollowedCommand {
  readonly args: readonly string[];
  readonly followed: FollowedLog;
  /** The same for the first moments of each output. */
  readonly shortArgs: readonly string[];
}

/** Long enough for the frames that an encoder delays. */
const shortSeconds = '0.5';

/** @param args all words for ffmpeg. @returns undefined where they write no mp4 or mov. */
export function followedCommand(args: readonly string[]): FollowedCommand | undefined {
  const command = splitCommand(args);
  if (command.printsOnly || !command.outputs.some(isMovieOutput)) return undefined;
  const movies = command.outputs.filter(isMovieOutput);
  return {
    args: followedWords(withWords(args, movies, flushOption.words)),
    followed: { ...followedLog(command), hidesStatus: hidesStatus(args) },
    shortArgs: withWords(args, command.outputs, ['-t', shortSeconds]),
  };
}

/** Further words as the last options of some outputs. */
function withWords(
  args: readonly string[],
  outputs: readonly FileGroup[],
  added: readonly string[],
): readonly string[] {
  const words = [...args];
  for (const { options, position } of outputs.toReversed()) {
    const isValue = options.some((option) => option.position + option.words.length === position);
    const isMarked = !isValue && words[position - 1] === '--';
    words.splice(isMarked ? position - 1 : position, 0, ...added);
  }
  return words;
}

/** How the log of a followed run is read. */
export function followedLog(command: Command): FollowedLog {
  const showsPackets = command.global.findLast(({ name }) => name === 'debug_ts')?.value === '1';
  const shown = logLevelOf(command);
  if (isLogged('info', shown)) return { showsPackets };
  const level = command.global.findLast(({ name }) => name === 'v' || name === 'loglevel');
  const isKept = level?.value.split('+').includes('level') === true;
  return { showsPackets, addedLevel: { shown, isKept } };
}

/** The words of a run with its packets in the log. */
export function followedWords(args: readonly string[]): string[] {
  const words = args.map((word, index) =>
    index > 0 && isLevelWord(args[index - 1]!) ? withInfo(word) : word,
  );
  return ['-debug_ts', ...words];
}

/** A value of `-loglevel` that lets lines of the level `info` through, each with its level. */
function withInfo(value: string): string {
  const level: LogLevel = levelNamed(value);
  if (isLogged('info', level)) return value;
  const flags = value.split('+').filter((flag) => flag === 'repeat');
  return [...flags, 'level', 'info'].join('+');
}
