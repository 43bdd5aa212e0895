/** Reads a command that is to run without shared memory, where few words of ffmpeg's are known. Pure. */
import { DnnError } from '../../base/errors.ts';
import type { CodecName } from '../../codecs/codec-contract.ts';
import { isContainerName, type ContainerName } from '../../containers/container-names.ts';
import { lastValue, type CommandOption, type FileGroup } from './command.ts';
import type { ChainPlan, Plan } from './plan.ts';
import { parseTime } from './parse-time.ts';
import { videoCodecs } from './video-codecs.ts';
import { browserEncoder, type BrowserEncoder } from './webcodecs/browser-encoder.ts';
import { encoderName } from './webcodecs/encoder-option.ts';
import { isEncoderWord } from './webcodecs/encoder-words.ts';
import { headersMissing } from './without-headers.ts';

/** One video in, one out. */
export interface ContainerCommand {
  readonly chain: ChainPlan;
  readonly input: string;
  /** The part of the input that is read. */
  readonly range: { readonly start: number; readonly end: number };
  /** With an encoder, also where the user named none. */
  readonly output: FileGroup;
  readonly container: ContainerName;
  readonly encoder: BrowserEncoder;
  /** Whether the user named no encoder. */
  readonly isDefaultEncoder: boolean;
  /** Whether audio is copied; else there is none. */
  readonly keepsAudio: boolean;
  /** The option that names an encoder for the audio, which is copied all the same. */
  readonly audioEncoder: CommandOption | undefined;
  /** Whether the index of an mp4 or mov is to stand at its start, which is not done. */
  readonly asksForFastStart: boolean;
}

/** Options without an effect here, or that are read elsewhere. */
const globals: ReadonlySet<string> = new Set(
  'y n hide_banner v loglevel stats stdin stats_period'.split(' '),
);
const inputOptions: ReadonlySet<string> = new Set('ss t to'.split(' '));
const outputOptions: ReadonlySet<string> = new Set(
  'vf filter filter_script c codec vcodec acodec an sn dn f'.split(' '),
);

const defaultCodecs: Readonly<Record<ContainerName, CodecName>> = {
  mp4: 'h264',
  mov: 'h264',
  mkv: 'h264',
  webm: 'vp9',
};

/** FFmpeg's names of the formats, where they are not the extensions (`-f`). */
const formatNames: ReadonlyMap<string, ContainerName> = new Map([['matroska', 'mkv']]);

/** @throws DnnError `ENOSYS` for every other command, with the headers and the reason. */
export function containerCommand(plan: Plan): ContainerCommand {
  const { command, chains, graphs } = plan;
  const [input, ...otherInputs] = command.inputs;
  const [output, ...otherOutputs] = command.outputs;
  const [chain] = chains;
  if (graphs.length > 0) throw refuse(graphs[0]!.option, 'a complex graph; write -vf');
  if (input === undefined || otherInputs.length > 0) throw headersMissing('it has not one input but several');
  if (output === undefined || chain === undefined || otherOutputs.length > 0)
    throw headersMissing('it has not one output but several');
  if (input.hwaccel === 'none') throw headersMissing('-hwaccel none asks ffmpeg to decode; leave it out');
  checkOptions(command.global, globals);
  checkOptions(input.options, inputOptions);
  checkOptions(
    output.options.filter((option) => !isEncoderWord(option) && !isFastStart(option)),
    outputOptions,
  );
  const container = containerOf(output);
  const named = browserEncoder(output);
  const encoded = named === undefined ? withDefaultEncoder(output, container) : output;
  return {
    chain,
    input: input.url,
    range: rangeOf(input),
    output: encoded,
    container,
    encoder: named ?? browserEncoder(encoded)!,
    isDefaultEncoder: named === undefined,
    keepsAudio: lastValue(output.options, 'an') !== '1',
    audioEncoder: audioEncoder(output),
    asksForFastStart: output.options.some(isFastStart),
  };
}

const isFastStart = ({ name, value }: CommandOption): boolean =>
  name === 'movflags' && /^\+?faststart$/.test(value);

function refuse({ words, position }: CommandOption, what: string): ReturnType<typeof headersMissing> {
  return headersMissing(`${words.join(' ')} (word ${position + 1}) is ${what}`, { position });
}

function checkOptions(options: readonly CommandOption[], known: ReadonlySet<string>): void {
  const other = options.find(({ name }) => !known.has(name));
  if (other !== undefined) throw refuse(other, "ffmpeg's alone; leave it out");
}

/** `-ss`, `-t` and `-to`, in seconds; `-t` wins over `-to` (fftools/ffmpeg_opt.c · open_input_file). */
function rangeOf(input: FileGroup): ContainerCommand['range'] {
  const seconds = (name: string): number | undefined => {
    const option = input.options.findLast((other) => other.name === name);
    if (option === undefined) return undefined;
    const value = parseTime(option.value);
    if (value !== undefined && value >= 0) return value;
    throw new DnnError(
      'EINVAL',
      `${option.words.join(' ')} (word ${option.position + 1} of the command line): write seconds, or HH:MM:SS.`,
      { option: name, position: option.position },
    );
  };
  const start = seconds('ss') ?? 0;
  const length = seconds('t');
  const end = length === undefined ? (seconds('to') ?? Infinity) : start + length;
  return { start, end };
}

function containerOf({ options, url }: FileGroup): ContainerName {
  const format = lastValue(options, 'f');
  const extension = /\.(\w+)$/.exec(url)?.[1]?.toLowerCase() ?? '';
  const name = format === undefined ? extension : (formatNames.get(format) ?? format);
  if (isContainerName(name) && !/^(pipe:|-$)/.test(url)) return name;
  throw headersMissing(`${url} is none of these files; name one, such as out.mp4`, { path: url });
}

/** @throws DnnError `ENOSYS` where an encoder of ffmpeg is named. */
function withDefaultEncoder(output: FileGroup, container: ContainerName): FileGroup {
  const name = encoderName(defaultCodecs[container]);
  const other = videoCodecs(output).findLast(({ specifier, value }) => specifier !== '' || value !== 'copy');
  if (other !== undefined) throw refuse(other, `an encoder of ffmpeg; write -c:v ${name}`);
  const option = { name: 'c', specifier: 'v', value: name, words: ['-c:v', name], position: output.position };
  return { ...output, options: [...output.options, option] };
}

function audioEncoder({ options }: FileGroup): CommandOption | undefined {
  const codec = options.findLast(
    ({ name, specifier }) =>
      name === 'acodec' || ((name === 'c' || name === 'codec') && (specifier === '' || /^a/.test(specifier))),
  );
  return codec?.value === 'copy' ? undefined : codec;
}
