/**
 * Words behind `ffmpeg` of the stages that feed DNN filters: they decode, or read what other DNN filters
 * gave, run the filters in between, and pass each frame once with its own time.
 */
import { DnnError } from '../../base/errors.ts';
import { extractFilters, freshLabel, type FilterRole } from '../../filtergraph/extract-filters.ts';
import { filterText } from '../../filtergraph/filtergraph.ts';
import { optionWords, type FileGroup } from '../command/command.ts';
import {
  formatName,
  framesAt,
  pipeInput,
  pipeOffset,
  pipeOutput,
  restoringFilters,
  startTime,
} from './pipe-args.ts';
import type { ChainPlan, Plan } from '../command/plan.ts';
import { partText } from '../command/plan-filterchain.ts';
import { partBefore, type ParsedGraph } from '../command/plan-graph.ts';
import type { Planning } from './planning-log.ts';
import { reportingSize } from './size-changes.ts';
import { keepDemuxed } from './stream-maps.ts';
import { unlabelledInputs, type InputLabels } from './unlabelled-inputs.ts';
import { videoMapping } from './video-mapping.ts';

/** Global options of the user that only the encode stage has, since they print or write for the whole run. */
const encodeStageOnly: ReadonlySet<string> = new Set([
  ...[
    'y',
    'n',
    'stats',
    'stats_period',
    'progress',
    'report',
    'hide_banner',
    'stdin',
    'benchmark',
    'benchmark_all',
  ],
  ...['vstats', 'vstats_file', 'vstats_version', 'psnr', 'qphist', 'sdp_file', 'vsync', 'async'],
  ...['filter_complex', 'lavfi', 'filter_complex_script', 'filter_complex_threads'],
]);

/** Output options that take part in the conversions in front of a DNN filter. */
const scalerOptions: ReadonlySet<string> = new Set([
  ...['sws_flags', 'sws_dither', 'src_range', 'dst_range', 'src_h_chr_pos', 'src_v_chr_pos', 'dst_h_chr_pos'],
  ...['dst_v_chr_pos', 'param0', 'param1', 'gamma', 'alphablend', 'autoscale'],
]);

/** An input as the user wrote it. */
export const inputWords = (input: FileGroup): string[] => [...optionWords(input.options), '-i', input.url];

/** Global words of a stage whose own output nobody sees. */
export function quietGlobals(plan: Plan): string[] {
  const kept = plan.command.global.filter((option) => !encodeStageOnly.has(option.name));
  return ['-hide_banner', '-nostdin', '-nostats', '-y', ...optionWords(kept)];
}

export const scalerWords = ({ output }: ChainPlan): string[] =>
  optionWords(output.options.filter((option) => scalerOptions.has(option.name)));

/**
 * The stage that decodes and runs the filters before a chain's first DNN filter.
 *
 * @param pipe path of the pipe to write
 */
export function firstDecodeArgs(plan: Plan, planning: Planning, chain: ChainPlan, pipe: string): string[] {
  const frames = framesAt(planning, chain.firstLocalIndex);
  const { source } = videoMapping(chain, planning);
  const input = plan.command.inputs[source.file];
  if (input === undefined)
    throw new DnnError('EINVAL', `The planning run maps input ${source.file}, which is not given.`);
  const { chain: cut, firstLocalIndex: head } = chain;
  const last = reportingSize(head, `before_dnn${head}`, `format=${formatName(frames)}`);
  return [
    ...quietGlobals(plan),
    ...inputWords(input),
    ...['-map', `0:${source.stream}`],
    ...scalerWords(chain),
    ...['-filter:v', partText(cut, 0, frames.toneMap ?? '', last)],
    ...pipeOutput(frames, pipe),
    ...decodeAlong(plan, planning, [source.file], () => 0),
    ...useAlong(planning, [source.file], () => 0),
  ];
}

/**
 * The pipes on either side of a stage: those it reads, by the index of the DNN filter
 * before, and the one it writes.
 */
export interface DecodePipes {
  readonly inputs: readonly { readonly localIndex: number; readonly path: string }[];
  readonly output: string;
}

/**
 * Whether ffmpeg filters stand before a chain's DNN filter at `localIndex` (not its first), so that a
 * decode stage is needed between.
 */
export function needsDecodeStage(
  { chain, firstLocalIndex }: ChainPlan,
  planning: Planning,
  localIndex: number,
): boolean {
  return (
    chain.parts[localIndex - firstLocalIndex] !== undefined ||
    formatName(framesAt(planning, localIndex - 1)) !== formatName(framesAt(planning, localIndex))
  );
}

/**
 * The stage between a chain's DNN filters `localIndex - 1` and `localIndex`. Times pass through it unchanged.
 */
export function middleDecodeArgs(
  plan: Plan,
  planning: Planning,
  chain: ChainPlan,
  localIndex: number,
  pipes: DecodePipes,
): string[] {
  const before = framesAt(planning, localIndex - 1);
  const behind = framesAt(planning, localIndex);
  const part = partText(
    chain.chain,
    localIndex - chain.firstLocalIndex,
    restoringFilters(before),
    `format=${formatName(behind)}`,
  );
  return [
    ...unchangedTimes(plan),
    ...pipeInput(before.pixelFormat, Math.min(0, startTime(before)), pipes.inputs[0]!.path),
    ...['-map', '0:0'],
    ...scalerWords(chain),
    ...['-filter:v', part],
    ...pipeOutput(behind, pipes.output),
  ];
}

export function unchangedTimes(plan: Plan): string[] {
  return [
    ...quietGlobals(plan).filter((word) => word !== '-start_at_zero'),
    ...(plan.command.global.some(({ name }) => name === 'copyts') ? [] : ['-copyts']),
  ];
}

/** The filters before the DNN filter at an index, as the user wrote them, for the statistics. */
export function filtersBefore(parsed: ParsedGraph, localIndex: number): string {
  const { kept } = partBefore(parsed, filterAt(parsed, localIndex));
  return parsed.nodes
    .flatMap((node, filter) => (kept.has(filter) ? [filterText(parsed.graph, node)] : []))
    .join(',');
}

function filterAt({ localIndices }: ParsedGraph, localIndex: number): number {
  return [...localIndices].find(([, candidate]) => candidate === localIndex)![0];
}

/**
 * The stage of a complex graph that runs what stands before the DNN filter at an index. The user's inputs
 * keep their numbers; behind them come the pipes of other DNN filters.
 */
export function graphDecodeArgs(
  plan: Plan,
  planning: Planning,
  graphIndex: number,
  localIndex: number,
  pipes: DecodePipes,
): string[] {
  const parsed = plan.graphs[graphIndex]!.parsed!;
  const head = filterAt(parsed, localIndex);
  const part = partBefore(parsed, head);
  const labels = unlabelledInputs(plan.graphs, planning)[graphIndex]!;
  const files = filesOf(parsed, [...part.kept, head], labels);
  const inputs = plan.command.inputs.slice(0, Math.max(-1, ...files) + 1);
  const frames = framesAt(planning, localIndex);
  const label = freshLabel(parsed.graph, 'out');
  const format = `format=${formatName(frames)}[${label}]`;
  const last =
    inputs.length === 0 ? format : reportingSize(localIndex, freshLabel(parsed.graph, 'before'), format);
  const roleOf = (filter: number): FilterRole | undefined => {
    if (filter === head) return { kind: 'end', text: last };
    if (part.kept.has(filter)) return { kind: 'keep' };
    const pipe = pipes.inputs.findIndex(
      (candidate) => candidate.localIndex === parsed.localIndices.get(filter),
    );
    if (!part.sources.has(filter)) return undefined;
    return {
      kind: 'source',
      text: pipeSource(planning, inputs.length + pipe, parsed.localIndices.get(filter)!),
    };
  };
  const text = extractFilters(parsed.graph, {
    roleOf,
    inputsOf: (filter) => labels.get(filter) ?? [],
    dropsOpenOutputs: true,
  });
  const hasInputs = inputs.length > 0;
  return [
    ...(hasInputs || pipes.inputs.length === 0 ? quietGlobals(plan) : unchangedTimes(plan)),
    ...inputs.flatMap(inputWords),
    ...pipes.inputs.flatMap(({ localIndex: before, path }) => {
      const read = framesAt(planning, before);
      const offset = hasInputs ? pipeOffset(plan.command.global, read) : Math.min(0, startTime(read));
      return pipeInput(read.pixelFormat, offset, path);
    }),
    ...['-filter_complex', text, '-map', `[${label}]`],
    ...pipeOutput(frames, pipes.output),
    ...decodeAlong(plan, planning, files, (file) => file),
    ...useAlong(planning, files, (file) => file),
  ];
}

/** The filters that stand for a DNN filter where its frames come through a pipe, which is input `index`. */
function pipeSource(planning: Planning, index: number, localIndex: number): string {
  return `[${index}:0]${restoringFilters(framesAt(planning, localIndex))}`;
}

/** Numbers of the user's inputs that filters of a graph read. */
function filesOf({ links }: ParsedGraph, filters: readonly number[], labels: InputLabels): number[] {
  const labelled = links.openInputs
    .filter(({ filter }) => filters.includes(filter))
    .map(({ label }) => label.name);
  const unlabelled = filters.flatMap((filter) => labels.get(filter) ?? []).map((label) => label.slice(1));
  const files = [...labelled, ...unlabelled].map((label) => Number.parseInt(label, 10));
  return [...new Set(files)].filter((file) => !Number.isNaN(file));
}

/**
 * With `-stream_loop` ffmpeg takes a round's length from all streams that it decodes,
 * so the sound is decoded along.
 */
export function decodeAlong(
  plan: Plan,
  planning: Planning,
  files: readonly number[],
  numberOf: (file: number) => number,
): string[] {
  const maps = files.flatMap((file) => {
    const looped = plan.command.inputs[file]?.options.some(({ name }) => name === 'stream_loop') ?? false;
    const streams = planning.inputs[file]?.streams ?? [];
    const sources = planning.outputs.flatMap(({ mappings }) =>
      mappings.flatMap(({ source, kind }) =>
        source?.file === file && kind === 'encode' ? [source.stream] : [],
      ),
    );
    const sound = [...new Set(sources)].filter(
      (stream) => streams.find(({ index }) => index === stream)?.type === 'Audio',
    );
    return looped ? sound.flatMap((stream) => ['-map', `${numberOf(file)}:${stream}`]) : [];
  });
  return maps.length > 0 ? [...maps, '-f', 'null', '-'] : [];
}

/**
 * In formats whose times may jump, ffmpeg counts from the first stream in use (fftools/ffmpeg.c ·
 * process_input): every stream that the whole command uses has to be in use here, too.
 */
export function useAlong(
  planning: Planning,
  files: readonly number[],
  numberOf: (file: number) => number,
): string[] {
  const used = [
    ...planning.outputs.flatMap(({ mappings }) => mappings.flatMap(({ source }) => source ?? [])),
    ...planning.graphInputs.map(({ source }) => source),
  ];
  return files
    .filter((file) => planning.inputs[file]?.isDiscontinuous === true)
    .flatMap((file) => {
      const streams = new Set(used.filter((source) => source.file === file).map(({ stream }) => stream));
      if (streams.size < 2) return [];
      return [...streams].flatMap((stream) => keepDemuxed(planning, { file, stream }, numberOf(file)));
    });
}
