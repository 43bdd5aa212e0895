/**
 * Whether outputs that exist may be written anew: `-y` and `-n`, in ffmpeg's words
 * (fftools/ffmpeg_opt.c · assert_file_overwrite).
 */
import { lastValue, type Command } from './command.ts';

/** `both` is what ffmpeg refuses; undefined where neither is given. */
export type OverwriteAnswer = 'y' | 'n' | 'both' | undefined;

/** What the command says of outputs that exist. */
export function overwriteAnswer({ global }: Command): OverwriteAnswer {
  const [yes, no] = ['y', 'n'].map((name) => lastValue(global, name) === '1');
  if (yes && no) return 'both';
  if (no) return 'n';
  return yes ? 'y' : undefined;
}

/** What ffmpeg says of `-y` beside `-n`. */
export const bothAnswers = 'Error, both -y and -n supplied. Exiting.';

/** What ffmpeg says where an output exists and `-n` is given. */
export const existsAlready = (url: string): string => `File '${url}' already exists. Exiting.`;

/**
 * The file that an output is written to, as the user names it; undefined for pipes
 * and for formats that write none.
 */
export function outputPath({ url, options }: Command['outputs'][number]): string | undefined {
  const isNoFile = url === '-' || /^(pipe|data):/.test(url) || lastValue(options, 'f') === 'null';
  return isNoFile ? undefined : url.replace(/^file:/, '');
}

/**
 * Decides `-n` in ffmpeg's place: the core has a `-y` of its own, beside which ffmpeg takes no `-n`.
 *
 * @param exists whether there is a file of this name
 * @returns null where the command may run, else what to say before ending with 1
 */
export function overwriteRefusal(command: Command, exists: (path: string) => boolean): string | null {
  const answer = overwriteAnswer(command);
  if (command.printsOnly || (answer !== 'n' && answer !== 'both')) return null;
  for (const output of command.outputs) {
    const path = outputPath(output);
    if (path === undefined) continue;
    if (answer === 'both') return bothAnswers;
    if (exists(path)) return existsAlready(output.url);
  }
  return null;
}
