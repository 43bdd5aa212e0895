/**
 * Decides whether a command needs the DNN stages, and finds the DNN filters in its chains and graphs. Pure.
 */
import { DnnError } from '../../base/errors.ts';
import type { FilterNode } from '../../filtergraph/filtergraph.ts';
import { lastValue, type Command, type CommandOption, type FileGroup } from './command.ts';
import { refuseMisspelt } from './misspelt-filters.ts';
import { cutFilterchain, hasOwnFilter, type CutFilterchain, type DnnFilterUse } from './plan-filterchain.ts';
import { planGraph, type GraphPlan } from './plan-graph.ts';

/** The `-vf` of one output, which holds DNN filters. */
export interface ChainPlan {
  readonly outputIndex: number;
  readonly output: FileGroup;
  /** The option that holds the chain. */
  readonly filterOption: CommandOption;
  /** Stream specifier of that option: `v`, `v:0`, or empty. */
  readonly filterSpecifier: string;
  /** The whole chain as the user wrote it. */
  readonly filterText: string;
  /** The same, cut at the DNN filters. */
  readonly chain: CutFilterchain;
  /** Index of the chain's first DNN filter; the others follow. */
  readonly firstLocalIndex: number;
}

/** A command that needs DNN stages. */
export interface Plan {
  readonly command: Command;
  /** All DNN filters of the command; a filter's index here is its local index. */
  readonly filters: readonly DnnFilterUse[];
  readonly chains: readonly ChainPlan[];
  /** Every complex graph of the command, in ffmpeg's order; none where no complex graph has a DNN filter. */
  readonly graphs: readonly GraphPlan[];
  /** Indices behind which another DNN filter stands. */
  readonly upstream: ReadonlySet<number>;
}

/** `plain`: ffmpeg runs `argv` as it is. */
export type PlanResult =
  | { readonly kind: 'plain'; readonly argv: readonly string[] }
  | { readonly kind: 'dnn'; readonly plan: Plan };

/** What planning needs to know beyond the command line. */
export interface PlanContext {
  /** Whether a filter runs here rather than in ffmpeg. */
  readonly isOwnFilter: (node: FilterNode) => boolean;
  /** Texts of the files named by `filterScripts`, by path. */
  readonly scripts?: ReadonlyMap<string, string>;
}

const supportedForm =
  'put it into -vf or -filter_complex, as in `-i in.mp4 -vf "scale=360:240,dnn_processing=…" out.mp4`';

/** Whether an option holds a complex graph. */
export const isGraphOption = ({ name }: CommandOption): boolean =>
  ['filter_complex', 'lavfi', 'filter_complex_script'].includes(name);

/**
 * Paths of the files with filter texts (`-filter_script`,
 * `-filter_complex_script`), which the caller has to read.
 */
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
      'filtering and streamcopy cannot be used together. Name an encoder, for example -c:v libx264, or ' +
      "-c:v h264_webcodecs, which is the browser's.",
    { option: codec.name, position: codec.position },
  );
}

/** The chain of an output's first video stream, as the user wrote it. */
export interface ChainInForce {
  readonly option: CommandOption;
  /** Of the option: `v`, `v:0`, or empty. */
  readonly specifier: string;
  readonly text: string;
  readonly hasOwnFilter: boolean;
}

/**
 * The chain of an output's first video stream; undefined where there is none.
 *
 * @throws DnnError `ENOSYS` where a DNN filter stands in a chain for other streams; `ENOENT` for the file of
 *   a `-filter_script` that is not there; `EINVAL` for a text that does not parse but speaks of a DNN filter.
 */
export function chainInForce(output: FileGroup, context: PlanContext): ChainInForce | undefined {
  const chains = output.options.filter(isChainOption);
  const hasDnn = (text: string): boolean => hasOwnFilter(text, context.isOwnFilter);
  const concerned = chains.filter((option) => concernsVideo(specifierOf(option)));
  const other = chains.find((option) => !concerned.includes(option) && hasDnn(filterText(option, context)));
  if (other !== undefined)
    throw refuse(other, `A DNN filter for the streams '${specifierOf(other)}' is not supported`);
  // As in ffmpeg, the last of several chains for one stream is used and the others are ignored.
  const option = concerned.at(-1);
  if (option === undefined) return undefined;
  const text = filterText(option, context);
  return { option, specifier: specifierOf(option), text, hasOwnFilter: hasDnn(text) };
}

/**
 * Texts of all chains and graphs of a command.
 *
 * @throws DnnError `ENOENT` for a script that is not there.
 */
export function filterTexts({ global, outputs }: Command, context: PlanContext): string[] {
  const inOutputs = outputs.flatMap(({ options }) => options);
  const options = [...global.filter(isGraphOption), ...inOutputs.filter(isChainOption)];
  return options.map((option) => filterText(option, context));
}

function planChains(command: Command, context: PlanContext): ChainPlan[] {
  const chains: ChainPlan[] = [];
  let firstLocalIndex = 0;
  for (const [outputIndex, output] of command.outputs.entries()) {
    if (lastValue(output.options, 'vn') === '1') continue;
    const inForce = chainInForce(output, context);
    if (inForce?.hasOwnFilter !== true) continue;
    const { option: filterOption, specifier: filterSpecifier, text } = inForce;
    checkCodec(output, text);
    const chain = cutFilterchain(text, context.isOwnFilter);
    chains.push({
      outputIndex,
      output,
      filterOption,
      filterSpecifier,
      filterText: text,
      chain,
      firstLocalIndex,
    });
    firstLocalIndex += chain.dnnFilters.length;
  }
  return chains;
}

function planGraphs(command: Command, context: PlanContext, firstLocalIndex: number): GraphPlan[] {
  const texts = command.global
    .filter(isGraphOption)
    .map((option) => ({ option, text: filterText(option, context) }));
  if (!texts.some(({ text }) => hasOwnFilter(text, context.isOwnFilter))) return [];
  let localIndex = firstLocalIndex;
  return texts.map(({ option, text }) => {
    const graph = planGraph(option, text, localIndex, context.isOwnFilter);
    localIndex += graph.filters.length;
    return graph;
  });
}

/**
 * Plans a command.
 *
 * @throws DnnError `ENOSYS` for a DNN filter where it is not supported (in a branch of a `-vf`, for streams
 *   beside the first video), naming the supported form; `EINVAL` for a graph that does not parse, a DNN
 *   filter with more than one input or output, a name that is nearly a DNN filter's, or a chain with
 *   `-c:v copy`.
 */
export function planCommand(command: Command, context: PlanContext): PlanResult {
  const plain: PlanResult = { kind: 'plain', argv: command.argv };
  if (command.printsOnly) return plain;
  for (const text of filterTexts(command, context)) refuseMisspelt(text);
  const chains = planChains(command, context);
  const inChains = chains.flatMap(({ chain }) => chain.dnnFilters);
  const graphs = planGraphs(command, context, inChains.length);
  const filters = [...inChains, ...graphs.flatMap((graph) => graph.filters)];
  if (filters.length === 0) return plain;
  const upstream = new Set([
    ...chains.flatMap(({ chain, firstLocalIndex }) =>
      chain.dnnFilters.slice(1).map((_, index) => firstLocalIndex + index),
    ),
    ...graphs.flatMap((graph) => [...graph.upstream]),
  ]);
  return { kind: 'dnn', plan: { command, filters, chains, graphs, upstream } };
}
