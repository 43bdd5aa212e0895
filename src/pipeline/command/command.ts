/**
 * An ffmpeg command line as data: global options, inputs, outputs; mirrors
 * fftools/cmdutils.c · split_commandline.
 */
import { DnnError } from '../../base/errors.ts';
import { parseColorOption, type ColorOption } from './color-option.ts';
import { optionKind, type OptionScope } from './command-options.ts';
import { isHwaccelOption, parseHwaccel, refuseOutputHwaccel, type Hwaccel } from './hwaccel.ts';

/** One option as the user wrote it. */
export interface CommandOption {
  /** Without dash and stream specifier; of `-noautorotate` it is `autorotate`. */
  readonly name: string;
  /** What follows the first colon: `v:0` of `-filter:v:0`; empty without colon. */
  readonly specifier: string;
  /** The argument; of a switch `1`, or `0` in its `-no` form. */
  readonly value: string;
  /** The user's own words, to be replayed. */
  readonly words: readonly string[];
  /** Index of the first word in the user's list. */
  readonly position: number;
}

/** One input or output: its options and its URL. */
export interface FileGroup {
  readonly options: readonly CommandOption[];
  readonly url: string;
  /** Index of the URL in the user's list. */
  readonly position: number;
  /** Of an input: who is asked to decode its video; absent where the user does not say. */
  readonly hwaccel?: Hwaccel;
  /** Of an input: set where its file speaks of AV1, which ffmpeg.wasm cannot decode. */
  readonly mayHoldAv1?: true;
}

/** A parsed command line. */
export interface Command {
  readonly global: readonly CommandOption[];
  readonly inputs: readonly FileGroup[];
  readonly outputs: readonly FileGroup[];
  /** File options behind the last output, which ffmpeg ignores with a warning. */
  readonly trailing: readonly CommandOption[];
  /**
   * The user's words for ffmpeg: without this project's own options, and without
   * `-n`, which overwrite.ts decides.
   */
  readonly argv: readonly string[];
  /** Count of all words. */
  readonly length: number;
  /** File name of `-dnn_stats`. */
  readonly dnnStats?: string;
  /** File name of `-dnn_detections`. */
  readonly dnnDetections?: string;
  /** File name of `-dnn_timeline`. */
  readonly dnnTimeline?: string;
  /** The word of `-dnn_color`. */
  readonly dnnColor?: ColorOption;
  /** Seconds of `-dnn_watchdog`; 0 for none. */
  readonly dnnWatchdog?: number;
  /** True where an option such as `-version` prints something and ends. */
  readonly printsOnly: boolean;
}

interface ParsedWord {
  readonly option: CommandOption;
  readonly scope: OptionScope;
  readonly exits: boolean;
}

const ownOptions: ReadonlySet<string> = new Set([
  'dnn_stats',
  'dnn_detections',
  'dnn_timeline',
  'dnn_color',
  'dnn_watchdog',
]);

function missingArgument(name: string, position: number): DnnError {
  return new DnnError(
    'EINVAL',
    `Missing argument for option '${name}' (word ${position + 1} of the command line): write its value behind it.`,
    { option: name, position },
  );
}

function watchdogSeconds(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const seconds = value.trim() === '' ? NaN : Number(value);
  if (seconds >= 0 && seconds < Infinity) return seconds;
  throw new DnnError(
    'EINVAL',
    `-dnn_watchdog ${value}: write the seconds after which a stage that makes no step is ended, or 0 for no limit.`,
    { option: 'dnn_watchdog' },
  );
}

/** Reads the option whose first word, with its dash, stands at `position`. */
function parseOption(argv: readonly string[], position: number): ParsedWord {
  const word = argv[position]!;
  const text = word.slice(1);
  const colon = text.indexOf(':');
  const name = colon < 0 ? text : text.slice(0, colon);
  const specifier = colon < 0 ? '' : text.slice(colon + 1);
  const kind = optionKind(name);
  const next = argv[position + 1];
  if (kind?.type === 'exit') {
    const hasValue = next !== undefined;
    const option = {
      name,
      specifier,
      value: hasValue ? next : '',
      words: hasValue ? [word, next] : [word],
      position,
    };
    return { option, scope: 'global', exits: true };
  }
  if (kind?.type === 'flag' || kind?.type === 'bool') {
    return {
      option: { name, specifier, value: '1', words: [word], position },
      scope: kind.scope,
      exits: false,
    };
  }
  if (kind === undefined && name.startsWith('no')) {
    const switched = optionKind(name.slice(2));
    if (switched?.type === 'bool' || switched?.type === 'bool value') {
      return {
        option: { name: name.slice(2), specifier, value: '0', words: [word], position },
        scope: switched.scope,
        exits: false,
      };
    }
  }
  if (next === undefined) {
    if (kind !== undefined || ownOptions.has(name)) throw missingArgument(text, position);
    throw new DnnError(
      'EINVAL',
      `Unrecognized option '${text}' (word ${position + 1} of the command line): it is no switch of ffmpeg, and an ` +
        'option of a codec or format needs a value behind it.',
      { option: text, position },
    );
  }
  return {
    option: { name, specifier, value: next, words: [word, next], position },
    scope: kind?.scope ?? 'file',
    exits: false,
  };
}

/**
 * Parses the words behind `ffmpeg`.
 *
 * Whether codec, format and scaler options exist is left to ffmpeg; each of them takes one argument.
 *
 * @throws DnnError `EINVAL` with `details.position` (index of the word) for an option without its argument,
 *   an unknown last word with a dash, a command line without output, or an unknown word of `-dnn_color`.
 */
export function parseCommand(argv: readonly string[]): Command {
  const command = splitCommand(argv);
  requireOutput(command);
  return command;
}

/** Whether ffmpeg has nothing to write: it prints its inputs' streams, and that an output is missing. */
export function lacksOutput({ outputs, printsOnly }: Command): boolean {
  return outputs.length === 0 && !printsOnly;
}

/** @throws DnnError `EINVAL` for a command without output, unless it only prints. */
export function requireOutput(command: Command): void {
  if (!lacksOutput(command)) return;
  throw new DnnError(
    'EINVAL',
    'At least one output file must be specified: write its name as the last word, for example `-i in.mp4 out.mp4`.',
    { position: command.length },
  );
}

/** As parseCommand, but a command without output is one too: ffmpeg itself answers it. */
export function splitCommand(argv: readonly string[]): Command {
  const global: CommandOption[] = [];
  const inputs: FileGroup[] = [];
  const outputs: FileGroup[] = [];
  const kept: string[] = [];
  const own = new Map<string, string>();
  let pending: CommandOption[] = [];
  let accelerated: CommandOption | undefined;
  let printsOnly = false;
  let urlFollows = false;
  const finishOutput = (url: string, position: number): void => {
    if (accelerated !== undefined) refuseOutputHwaccel(accelerated, url);
    outputs.push({ options: pending, url, position });
    pending = [];
  };
  const finishInput = (url: string, position: number): void => {
    const hwaccel = accelerated === undefined ? {} : { hwaccel: parseHwaccel(accelerated) };
    inputs.push({ options: pending, url, position, ...hwaccel });
    pending = [];
    accelerated = undefined;
  };
  for (let position = 0; position < argv.length;) {
    const word = argv[position]!;
    if (word === '--' && !urlFollows) {
      urlFollows = true;
      kept.push(word);
      position++;
      continue;
    }
    if (!word.startsWith('-') || word === '-' || urlFollows) {
      finishOutput(word, position);
      urlFollows = false;
      kept.push(word);
      position++;
      continue;
    }
    if (word === '-i') {
      const url = argv[position + 1];
      if (url === undefined) throw missingArgument('i', position);
      finishInput(url, position + 1);
      kept.push(word, url);
      position += 2;
      continue;
    }
    const { option, scope, exits } = parseOption(argv, position);
    position += option.words.length;
    if (ownOptions.has(option.name)) {
      own.set(option.name, option.value);
      continue;
    }
    if (isHwaccelOption(option.name)) {
      if (option.name !== 'hwaccel') parseHwaccel(option);
      accelerated = option;
      continue;
    }
    // The core has a -y of its own, and ffmpeg takes no -n beside it.
    if (option.name !== 'n') kept.push(...option.words);
    printsOnly ||= exits;
    (scope === 'global' ? global : pending).push(option);
  }
  const dnnStats = own.get('dnn_stats');
  const dnnDetections = own.get('dnn_detections');
  const dnnTimeline = own.get('dnn_timeline');
  const dnnColor = own.get('dnn_color');
  const dnnWatchdog = watchdogSeconds(own.get('dnn_watchdog'));
  return {
    global,
    inputs,
    outputs,
    trailing: pending,
    argv: kept,
    length: argv.length,
    printsOnly,
    ...(dnnStats === undefined ? {} : { dnnStats }),
    ...(dnnDetections === undefined ? {} : { dnnDetections }),
    ...(dnnTimeline === undefined ? {} : { dnnTimeline }),
    ...(dnnColor === undefined ? {} : { dnnColor: parseColorOption(dnnColor) }),
    ...(dnnWatchdog === undefined ? {} : { dnnWatchdog }),
  };
}

/**
 * The value of the last option of this name without stream specifier, as ffmpeg takes the last of several.
 */
export function lastValue(
  options: readonly CommandOption[],
  ...names: readonly string[]
): string | undefined {
  return options.findLast((option) => names.includes(option.name) && option.specifier === '')?.value;
}

/** The words of options in their order. */
export function optionWords(options: readonly CommandOption[]): string[] {
  return options.flatMap((option) => option.words);
}
