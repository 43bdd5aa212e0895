/**
 * What a core keeps of one run for the next: ffmpeg.wasm resets counters and lists before a run, but not the
 * variables of global options (fftools/ffmpeg_opt.c), nor any option of ffprobe. So the next command would
 * start with `-copyts` of a stage that its user never saw. What a switch can put back is said in front of
 * each run's words; a core that was told anything else is not used again.
 */
import { isLogged } from '../../base/log.ts';
import { optionKind } from './command-options.ts';
import { levelNamed } from './log-level.ts';

/**
 * Global options that are put back, that `@ffmpeg/core` or `FfmpegCore` says each
 * time, or that fill lists it resets.
 */
const putBack: ReadonlySet<string> = new Set([
  ...['copyts', 'start_at_zero', 'debug_ts', 'stats', 'v', 'loglevel', 'hide_banner', 'y', 'stdin'],
  ...['filter_complex', 'lavfi', 'filter_complex_script'],
]);

/** Whether a word is the option whose value is the log level. */
export const isLevelWord = (word: string): boolean => word === '-v' || word === '-loglevel';

/** The words of a run of ffmpeg, with ffmpeg's defaults in front of them. */
export function fromDefaults(args: readonly string[]): string[] {
  return [
    // Its default, to print them where the level lets it, has no word: `hidesStatus` makes up for that.
    ...['-nocopyts', '-nostart_at_zero', '-nodebug_ts', '-stats'],
    ...probeFromDefaults(args),
  ];
}

/** Likewise for ffprobe. */
export function probeFromDefaults(args: readonly string[]): string[] {
  return [
    ...(args.some(isLevelWord) ? [] : ['-v', 'info']),
    // In either form the word hides the banner of its own run, and its last form counts for the next one.
    ...args.flatMap((word) => (word === '-hide_banner' ? [word, '-nohide_banner'] : [word])),
  ];
}

/** Whether a core that ran ffmpeg with these words would go on with some of them. */
export function leavesOptions(args: readonly string[]): boolean {
  return args.some((word) => {
    if (!word.startsWith('-')) return false;
    const name = word.slice(1);
    const isSwitchedOff = optionKind(name) === undefined && name.startsWith('no');
    const known = isSwitchedOff ? name.slice(2) : name;
    const kind = optionKind(known);
    return kind?.scope === 'global' && kind.type !== 'exit' && !putBack.has(known);
  });
}

/** Whether ffmpeg by itself would print no status lines: they are left to the log level, which hides them. */
export function hidesStatus(args: readonly string[]): boolean {
  const level = args.findLastIndex(isLevelWord);
  return level >= 0 && !args.includes('-stats') && !isLogged('info', levelNamed(args[level + 1] ?? ''));
}

/** `frame= … speed=1x`, or without video `size= … speed=1x`. */
export function isStatusLine(line: string): boolean {
  return /^(frame|L?size)=.* speed=/.test(line);
}
