/**
 * Words behind `ffmpeg` of the encode stage: the user's command, with the frames of
 * the DNN filters as more inputs.
 *
 * Measure of all stages: the same command on native ffmpeg with each DNN filter replaced by `null`
 * has the same streams, tags, dispositions, chapters, frame count and pts. All frame-rate logic runs
 * in the encode stage, which opens the user's inputs under their own numbers and gets the frames
 * through NUT pipes behind them.
 */
import { extractFilters, type FilterRole } from '../../filtergraph/extract-filters.ts';
import { filterText } from '../../filtergraph/filtergraph.ts';
import { lastValue, type CommandOption } from '../command/command.ts';
import { encodedPipeInput, framesAt, lastRestoringFilters, pipeInput, pipeOffset } from './pipe-args.ts';
import type { ChainPlan, Plan } from '../command/plan.ts';
import { partOf, partText } from '../command/plan-filterchain.ts';
import { partBehind } from '../command/plan-graph.ts';
import { bitstreamWords } from './codecs/bitstream-words.ts';
import { muxWords, toldWords, type EncodedVideo } from './codecs/mux-words.ts';
import type { Planning, StreamSource } from './planning-log.ts';
import { inputWords } from './decode-stage-args.ts';
import { carryStreamTags, rotationWords } from './stage-args-tags.ts';
import { mapWords, reopenedInputs, keepDemuxed } from './stream-maps.ts';
import { unlabelledInputs } from './unlabelled-inputs.ts';
import { videoMapping } from './video-mapping.ts';

/** A pipe that the encode stage reads: the frames behind the DNN filter at an index. */
export interface EncodePipe {
  readonly localIndex: number;
  readonly path: string;
  /** Set where an encoder of the browser stands between the frames and the pipe. */
  readonly encoded?: EncodedVideo;
}

/** @param pipes in the order in which they follow the user's inputs */
export function encodeStageArgs(plan: Plan, planning: Planning, pipes: readonly EncodePipe[]): string[] {
  const { command, chains } = plan;
  const reopened = reopenedInputs(plan, planning, pipes.length);
  const pipeInputs = pipes.flatMap(({ localIndex, path, encoded }) => {
    if (encoded !== undefined) return encodedPipeInput(startOf(plan, localIndex), path);
    const frames = framesAt(planning, localIndex);
    return pipeInput(frames.pixelFormat, encodePipeOffset(plan, planning, localIndex), path);
  });
  const outputs = command.outputs.flatMap((_, index) => {
    const chain = chains.find(({ outputIndex }) => outputIndex === index);
    const pipe = pipes.findIndex(
      ({ localIndex }) => chain !== undefined && localIndex === lastLocalIndex(chain),
    );
    const encoded = pipes[pipe]?.encoded;
    return outputWords(
      plan,
      planning,
      { index, chain, pipe: command.inputs.length + pipe, encoded },
      reopened.numbers,
    );
  });
  return [
    ...command.global
      .filter(({ name }) => name !== 'n')
      .flatMap((option) => globalWords(plan, planning, option, pipes)),
    ...command.inputs.flatMap(inputWords),
    ...pipeInputs,
    ...reopened.files.flatMap((file) => inputWords(command.inputs[file]!)),
    ...outputs,
    ...hiddenStreams(plan, planning).flatMap((source) => [
      ...keepDemuxed(planning, source, source.file),
      ...(reopened.numbers.has(source.file)
        ? keepDemuxed(planning, source, reopened.numbers.get(source.file)!)
        : []),
    ]),
  ];
}

/** The index of a chain's last DNN filter. */
export const lastLocalIndex = ({ firstLocalIndex, chain }: ChainPlan): number =>
  firstLocalIndex + chain.dnnFilters.length - 1;

/** Streams that the user's command decodes and that reach this stage through pipes, if at all. */
function hiddenStreams({ chains, graphs }: Plan, planning: Planning): StreamSource[] {
  const sources = [
    ...chains.map((chain) => videoMapping(chain, planning).source),
    ...(graphs.length === 0 ? [] : planning.graphInputs.map(({ source }) => source)),
  ];
  const key = ({ file, stream }: StreamSource): string => `${file}:${stream}`;
  return [...new Map(sources.map((source) => [key(source), source])).values()];
}

/** The option with its graph, each DNN filter replaced by the pipe with its frames. */
function globalWords(
  plan: Plan,
  planning: Planning,
  option: CommandOption,
  pipes: readonly EncodePipe[],
): readonly string[] {
  const index = plan.graphs.findIndex((graph) => graph.option === option);
  const parsed = plan.graphs[index]?.parsed;
  if (parsed === undefined) return option.words;
  const labels = unlabelledInputs(plan.graphs, planning)[index]!;
  const part = partBehind(parsed);
  const roleOf = (filter: number): FilterRole | undefined => {
    if (part.kept.has(filter)) return { kind: 'keep' };
    const localIndex = parsed.localIndices.get(filter);
    const pipe = pipes.findIndex((candidate) => candidate.localIndex === localIndex);
    if (!part.sources.has(filter) || localIndex === undefined) return undefined;
    const filters = lastRestoringFilters(framesAt(planning, localIndex));
    return { kind: 'source', text: `[${plan.command.inputs.length + pipe}:0]${filters}` };
  };
  const inputsOf = (filter: number): readonly string[] => labels.get(filter) ?? [];
  return ['-filter_complex', extractFilters(parsed.graph, { roleOf, inputsOf, dropsOpenOutputs: false })];
}

/** The `-ss` of the output whose chain ends with a DNN filter: ffmpeg takes it off the times of copies. */
function startOf({ chains }: Plan, localIndex: number): string | undefined {
  const chain = chains.find((candidate) => lastLocalIndex(candidate) === localIndex);
  return chain && lastValue(chain.output.options, 'ss');
}

/** One output, and the pipe with its video. */
interface OutputPipe {
  readonly index: number;
  readonly chain: ChainPlan | undefined;
  /** Number of the pipe as an input. */
  readonly pipe: number;
  readonly encoded: EncodedVideo | undefined;
}

function outputWords(
  plan: Plan,
  planning: Planning,
  { index, chain, pipe, encoded }: OutputPipe,
  reopened: ReadonlyMap<number, number>,
): string[] {
  const output = plan.command.outputs[index]!;
  const video = chain === undefined ? undefined : videoMapping(chain, planning);
  const tags = chain === undefined ? { before: [], behind: [] } : carryStreamTags(chain, planning);
  const filters =
    chain === undefined
      ? ''
      : partText(
          chain.chain,
          chain.chain.dnnFilters.length,
          lastRestoringFilters(framesAt(planning, lastLocalIndex(chain))),
          '',
        );
  return [
    ...mapWords(plan, planning, index, { pipe, video, reopened }),
    ...tags.before,
    ...(encoded === undefined || video === undefined
      ? []
      : [...toldWords(encoded, video.output), ...rotationWords(plan, planning, video)]),
    ...output.options
      .filter((option) => option.name !== 'map')
      .flatMap((option) => {
        if (chain === undefined || video === undefined) return option.words;
        if (encoded !== undefined) return muxWords(option, option === chain.filterOption, encoded.encoder);
        return option === chain.filterOption
          ? [`-filter:${chain.filterSpecifier}`, filters]
          : encoderTimeBaseWords(option, planning, video.source);
      }),
    ...tags.behind,
    ...(encoded === undefined ? [] : bitstreamWords(encoded, output)),
    output.url,
  ];
}

/**
 * What `-itsoffset` of a pipe has to be, in microseconds.
 *
 * It has a second use: for an output of constant rate, ffmpeg fills the gap in front of the first frame
 * unless the frames come from a file with one stream and `-itsoffset` 0 (fftools/ffmpeg_opt.c ·
 * new_video_stream, VSYNC_VSCFR). The pipe is such a file; where the user's input is not, one microsecond,
 * which every usual time base rounds to nothing, makes it none. Frames of a complex graph come from no file.
 */
export function encodePipeOffset(plan: Plan, planning: Planning, localIndex: number): number {
  const { global, inputs } = plan.command;
  const offset = pipeOffset(global, framesAt(planning, localIndex));
  const chain = plan.chains.find((candidate) => lastLocalIndex(candidate) === localIndex);
  if (offset !== 0 || chain === undefined) return offset;
  const { file } = videoMapping(chain, planning).source;
  const single = planning.inputs[file]?.streams.length === 1;
  const shifted = Number(lastValue(inputs[file]?.options ?? [], 'itsoffset') ?? '0') !== 0;
  return single && !shifted ? 0 : 1;
}

/** `-enc_time_base -1` asks for the input stream's time base, which the pipe does not have. */
export function encoderTimeBaseWords(
  option: CommandOption,
  planning: Planning,
  source: StreamSource,
): readonly string[] {
  if (option.name !== 'enc_time_base' || !option.value.startsWith('-')) return option.words;
  const streams = planning.inputs[source.file]?.streams ?? [];
  const ticks = streams.find(({ index }) => index === source.stream)?.ticksPerSecond;
  return ticks === undefined ? option.words : [option.words[0]!, `1:${ticks}`];
}

/** The filters behind the last DNN filters, as the user wrote them, for the statistics. */
export function encodeFilters(plan: Plan): string {
  const texts = [
    ...plan.chains.map(({ chain }) => partOf(chain, chain.dnnFilters.length)),
    ...plan.graphs.flatMap(({ parsed }) => {
      if (parsed === undefined) return [];
      const { kept } = partBehind(parsed);
      return parsed.nodes
        .filter((_, filter) => kept.has(filter))
        .map((node) => filterText(parsed.graph, node));
    }),
  ];
  return texts.filter((text) => text !== '').join(',');
}
