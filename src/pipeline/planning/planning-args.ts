/**
 * The planning run: the user's command with every DNN filter replaced by `format=…,showinfo`,
 * one frame long in each output.
 *
 * It tells what ffmpeg really negotiates (what follows a DNN filter takes part) and which streams it maps.
 * The output keeps its name and format, since they decide the encoders and the mapping; what the run writes
 * is to be dropped by the file system it runs on.
 */
import { isEightBit, type PixelFormat } from '../../frame/pixel-format.ts';
import { extractFilters, freshLabel, type FilterRole } from '../../filtergraph/extract-filters.ts';
import { replaceFilters } from '../../filtergraph/filtergraph.ts';
import { optionWords, type CommandOption, type FileGroup } from '../command/command.ts';
import { isGraphOption, type ChainPlan, type Plan } from '../command/plan.ts';
import { partText, replaceDnnFilters } from '../command/plan-filterchain.ts';
import { partBefore, type ParsedGraph } from '../command/plan-graph.ts';
import { usesWebCodecs } from '../command/hwaccel.ts';
import { withFilterAt } from '../command/pass-filters.ts';
import { reportName } from './frame-report.ts';
import { standInOptions } from '../command/webcodecs/stand-in-encoder.ts';
import type { InputLabels } from './unlabelled-inputs.ts';

/** Frame size behind a DNN filter, in pixels, and the format that the filter was found to get. */
export interface PlanningSize {
  readonly width: number;
  readonly height: number;
  readonly pixelFormat: PixelFormat;
}

/** What the planning run is built from, beside the plan. */
export interface PlanningOptions {
  /** Formats that the DNN filter at an index accepts, by ffmpeg's names; none where it takes all. */
  readonly formatsOf: (localIndex: number) => readonly PixelFormat[];
  /**
   * Frame sizes behind DNN filters, by index. Not needed at first: only where a run without them fails, since
   * a later filter or the encoder refuses the smaller frames.
   */
  readonly sizes?: readonly (PlanningSize | undefined)[];
}

interface ReportOptions extends PlanningOptions {
  /** Whether a decoder of the browser is to be compared with ffmpeg's, by the first frame. */
  readonly comparesFrames: boolean;
}

/** Global options that only print, or that the planning run sets itself. */
const droppedGlobals: ReadonlySet<string> = new Set([
  ...['v', 'loglevel', 'hide_banner', 'stats', 'stats_period', 'progress', 'report', 'y', 'n', 'stdin'],
  ...['benchmark', 'benchmark_all', 'vstats', 'vstats_file', 'vstats_version', 'dump', 'hex', 'debug_ts'],
  ...['psnr', 'qphist', 'timelimit'],
]);

/** Input options that slow reading down. */
const slowInputs: ReadonlySet<string> = new Set(['re', 'readrate']);

/** A stand-in of the DNN filter: same format in and out, the size changed where it is known. */
function standIn(localIndex: number, options: ReportOptions): string {
  const size = options.sizes?.[localIndex];
  const report = `${reportName('dnn', localIndex)}${options.comparesFrames ? '' : '=checksum=0'}`;
  const formats = options.formatsOf(localIndex);
  const head = formats.length === 0 ? report : `format=${formats.join('|')},${report}`;
  if (size === undefined) return head;
  const { width, height, pixelFormat } = size;
  if (isEightBit(pixelFormat) && width % 4 === 0 && height % 4 === 0) {
    // Unlike scale, pad and crop keep one format on both sides, as the DNN filter does; they know few
    // formats of more than 8 bits, and round to whole chroma samples.
    return `${head},pad='max(iw,${width})':'max(ih,${height})',crop=${width}:${height}:0:0`;
  }
  return `format=${pixelFormat},${report},scale=${width}:${height},format=${pixelFormat}`;
}

/**
 * What the planning run must not take over: it would skip or wait for frames before the first one comes out.
 */
function isPlanningOption(option: CommandOption): boolean {
  return option.name !== 'ss';
}

function headWords({ command }: Plan, graphWords: (option: CommandOption) => readonly string[]): string[] {
  const globals = command.global.filter((option) => !droppedGlobals.has(option.name));
  return [
    ...['-hide_banner', '-nostdin', '-nostats', '-y', '-loglevel', 'info'],
    ...globals.flatMap(graphWords),
    ...command.inputs.flatMap((input) => [
      ...optionWords(input.options.filter((option) => !slowInputs.has(option.name))),
      '-i',
      input.url,
    ]),
  ];
}

/**
 * Words behind `ffmpeg` of the planning run. It ends by itself once one frame is encoded in each output,
 * however long the other streams are: with `-frames:v` reached ffmpeg closes the whole output.
 */
export function planningArgs(plan: Plan, planningOptions: PlanningOptions): string[] {
  const options = reportOptions(plan, planningOptions);
  return [
    ...headWords(plan, (option) => graphWords(plan, option, options)),
    ...plan.command.outputs.flatMap((output) => outputWords(plan, output, options)),
  ];
}

function reportOptions({ command }: Plan, options: PlanningOptions): ReportOptions {
  return { ...options, comparesFrames: usesWebCodecs(command) };
}

function graphWords(plan: Plan, option: CommandOption, options: ReportOptions): readonly string[] {
  const planned = plan.graphs.find((graph) => graph.option === option);
  const parsed = planned?.parsed;
  if (parsed === undefined || parsed.localIndices.size === 0) return option.words;
  const text = replaceFilters(parsed.graph, (_, filter) => {
    const localIndex = parsed.localIndices.get(filter);
    return localIndex === undefined ? undefined : standIn(localIndex, options);
  });
  return ['-filter_complex', text];
}

function outputWords(plan: Plan, output: FileGroup, options: ReportOptions): string[] {
  const chain = plan.chains.find((candidate) => candidate.output === output);
  const words = standInOptions(output)
    .filter(([option]) => isPlanningOption(option))
    .flatMap(([option, standIns]) =>
      option === chain?.filterOption
        ? [`-filter:${chain.filterSpecifier}`, chainText(chain, options)]
        : standIns,
    );
  // An output that may be without video must end, too.
  const limit = chain === undefined ? ['-t', '1'] : [];
  return [...words, '-frames:v', '1', ...limit, output.url];
}

/** The user's chain with the stand-ins; where the browser may decode, it also reports what is decoded. */
function chainText(
  { filterText, chain, firstLocalIndex, outputIndex }: ChainPlan,
  options: ReportOptions,
): string {
  const text = replaceDnnFilters(filterText, chain.dnnFilters, (localIndex) =>
    standIn(firstLocalIndex + localIndex, options),
  );
  if (!options.comparesFrames) return text;
  return withFilterAt(text, reportName('decoded', outputIndex), 'head') ?? text;
}

/**
 * Words of a run that ends behind the DNN filter at an index, to learn what it gets where the whole
 * command fails or ends too early.
 *
 * @param labels of the inputs without label of each complex graph
 */
export function planningArgsUntil(
  plan: Plan,
  until: number,
  planningOptions: PlanningOptions,
  labels: readonly InputLabels[],
): string[] {
  const options = reportOptions(plan, planningOptions);
  const end = ['-frames:v', '1', '-c:v', 'rawvideo', '-f', 'null'];
  for (const [index, graph] of plan.graphs.entries()) {
    const filter = [...(graph.parsed?.localIndices ?? [])].find(
      ([, localIndex]) => localIndex === until,
    )?.[0];
    if (graph.parsed === undefined || filter === undefined) continue;
    const label = freshLabel(graph.parsed.graph, 'until');
    const text = graphTextUntil(graph.parsed, filter, label, options, labels[index] ?? new Map());
    const words = (option: CommandOption): readonly string[] => {
      if (option === graph.option) return ['-filter_complex', text];
      return isGraphOption(option) ? [] : option.words;
    };
    return [...headWords(plan, words), '-map', `[${label}]`, ...end, '-'];
  }
  const chain = plan.chains.find(
    ({ firstLocalIndex, chain: { dnnFilters } }) =>
      until >= firstLocalIndex && until < firstLocalIndex + dnnFilters.length,
  )!;
  const words = standInOptions(chain.output)
    .filter(([option]) => isPlanningOption(option) && !mapsGraph(option))
    .flatMap(([option, standIns]) =>
      option === chain.filterOption
        ? [`-filter:${chain.filterSpecifier}`, chainTextUntil(chain, until, options)]
        : standIns,
    );
  const head = headWords(plan, (option) => (isGraphOption(option) ? [] : option.words));
  return [...head, ...words, ...end, chain.output.url];
}

const mapsGraph = ({ name, value }: CommandOption): boolean => name === 'map' && value.startsWith('[');

/**
 * Only reached for its size: filters that the chain's end would link to are
 * gone, so nothing but a row is left.
 */
function chainTextUntil(
  { chain, firstLocalIndex }: ChainPlan,
  until: number,
  options: ReportOptions,
): string {
  const head = chain.parts
    .slice(0, until - firstLocalIndex + 1)
    .map((_, localIndex) =>
      partText(
        chain,
        localIndex,
        localIndex === 0 ? '' : standIn(firstLocalIndex + localIndex - 1, options),
        '',
      ),
    );
  return [...head, standIn(until, options)].filter((text) => text !== '').join(',');
}

function graphTextUntil(
  parsed: ParsedGraph,
  until: number,
  label: string,
  options: ReportOptions,
  labels: InputLabels,
): string {
  const { kept } = partBefore(parsed, until, true);
  const roleOf = (filter: number): FilterRole | undefined => {
    const localIndex = parsed.localIndices.get(filter);
    if (filter === until) return { kind: 'end', text: `${standIn(localIndex!, options)}[${label}]` };
    if (!kept.has(filter)) return undefined;
    return { kind: 'keep', body: localIndex === undefined ? undefined : standIn(localIndex, options) };
  };
  return extractFilters(parsed.graph, {
    roleOf,
    inputsOf: (filter) => labels.get(filter) ?? [],
    dropsOpenOutputs: true,
  });
}
