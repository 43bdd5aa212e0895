/** Decides whether a command needs the DNN stages, and cuts its filter chain at the DNN filters. Pure. */
import { DnnError } from '../base/errors.ts';
import { lastValue, type Command, type CommandOption, type FileGroup } from './command.ts';
import { cutFilterchain, filterNamesIn, type CutFilterchain } from './plan-filterchain.ts';

/** A command that needs DNN stages: ffmpeg, dnn, ffmpeg, dnn, …, ffmpeg. */
export interface Plan {
  readonly command: Command;
  /** The one output. */
  readonly output: FileGroup;
  /** The option that holds the chain with the DNN filters. */
  readonly filterOption: CommandOption;
  /** Stream specifier of that option: `v`, `v:0`, or empty. */
  readonly filterSpecifier: string;
  /** The whole chain as the user wrote it. */
  readonly filterText: string;
  /** The same, cut at the DNN filters. */
  readonly chain: CutFilterchain;
}

/** `plain`: ffmpeg runs `argv` as it is. */
export type PlanResult =
  | { readonly kind: 'plain'; readonly argv: readonly string[] }
  | { readonly kind: 'dnn'; readonly plan: Plan };

/** What planning needs to know beyond the command line. */
export interface PlanContext {
  readonly dnnFilterNames: ReadonlySet<string>;
  /** Texts of the files named by `filterScripts`, by path. */
  readonly scripts?: ReadonlyMap<string, string>;
}

const supportedForm =
  'put it into -vf of the one output, as in `-i in.mp4 -vf "scale=360:240,dnn_processing=…" out.mp4`';

/** Paths of the files with filter texts (`-filter_script`, `-filter_complex_script`), which the caller has to read. */
export function filterScripts(command: Command): string[] {
  return [...command.global, ...command.outputs.flatMap((output) => output.options)]
    .filter((option) => option.name === 'filter_script' || option.name === 'filter_complex_script')
    .map((option) => option.value);
}

function filterText(option: CommandOption, context: PlanContext): string {
  if (!option.name.endsWith('_script')) return option.value;
  const text = context.scripts?.get(option.value);
  if (text === undefined) {
    throw new DnnError(
      'ENOENT',
      `${option.value}: No such file or directory: -${option.name} (word ${option.position + 1}) needs the file with the filters.`,
      { option: option.name, path: option.value, position: option.position },
    );
  }
  return text;
}

const isChainOption = (option: CommandOption): boolean =>
  option.name === 'vf' || option.name === 'filter' || option.name === 'filter_script';

const specifierOf = (option: CommandOption): string => (option.name === 'vf' ? 'v' : option.specifier);

/** Whether an output option with this specifier takes part in the first video stream. */
function concernsVideo(specifier: string): boolean {
  return /^([vV](:0)?)?$/.test(specifier);
}

function refuse(option: CommandOption, what: string): DnnError {
  return new DnnError(
    'ENOSYS',
    `${what} (word ${option.position + 1} of the command line): ${supportedForm}.`,
    {
      option: option.name,
      position: option.position,
    },
  );
}

function checkCodec(output: FileGroup, filters: string): void {
  const codec = output.options.findLast(
    (option) =>
      option.name === 'vcodec' ||
      ((option.name === 'c' || option.name === 'codec') && concernsVideo(option.specifier)),
  );
  if (codec?.value !== 'copy') return;
  throw new DnnError(
    'EINVAL',
    `Filtergraph '${filters}' was defined for the video but codec copy was selected (word ${codec.position + 1}): ` +
      'filtering and streamcopy cannot be used together. Name an encoder, for example -c:v libx264.',
    { option: codec.name, position: codec.position },
  );
}

function refuseComplexGraphs(command: Command, context: PlanContext): void {
  for (const option of command.global) {
    if (!['filter_complex', 'lavfi', 'filter_complex_script'].includes(option.name)) continue;
    const names = filterNamesIn(filterText(option, context), context.dnnFilterNames);
    if (names.length > 0) throw refuse(option, `${names[0]!} inside -${option.name} is not supported`);
  }
}

/** The option whose chain holds the DNN filters and is in force; undefined where there is none. */
function findFilterOption(output: FileGroup, context: PlanContext): CommandOption | undefined {
  const chains = output.options.filter(isChainOption);
  const hasDnn = (option: CommandOption): boolean =>
    filterNamesIn(filterText(option, context), context.dnnFilterNames).length > 0;
  const concerned = chains.filter((option) => concernsVideo(specifierOf(option)));
  const other = chains.find((option) => !concerned.includes(option) && hasDnn(option));
  if (other !== undefined)
    throw refuse(other, `A DNN filter for the streams '${specifierOf(other)}' is not supported`);
  // As in ffmpeg, the last of several chains for one stream is used and the others are ignored.
  const last = concerned.at(-1);
  return last !== undefined && hasDnn(last) ? last : undefined;
}

/**
 * Plans a command.
 *
 * @throws DnnError `ENOSYS` for a DNN filter in a place that is not supported (`-filter_complex`, several outputs, a
 *   branching graph), naming the supported form; `EINVAL` for a chain that does not parse, or with `-c:v copy`.
 */
export function planCommand(command: Command, context: PlanContext): PlanResult {
  const plain: PlanResult = { kind: 'plain', argv: command.argv };
  if (command.printsOnly) return plain;
  refuseComplexGraphs(command, context);
  for (const output of command.outputs) {
    if (lastValue(output.options, 'vn') === '1') continue;
    const filterOption = findFilterOption(output, context);
    if (filterOption === undefined) continue;
    if (command.outputs.length > 1) {
      throw refuse(
        filterOption,
        `A DNN filter in a command with ${command.outputs.length} outputs is not supported`,
      );
    }
    const text = filterText(filterOption, context);
    checkCodec(output, text);
    const chain = cutFilterchain(text, context.dnnFilterNames);
    const filterSpecifier = specifierOf(filterOption);
    return { kind: 'dnn', plan: { command, output, filterOption, filterSpecifier, filterText: text, chain } };
  }
  return plain;
}
