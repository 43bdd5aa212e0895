/**
 * Words behind `ffmpeg` of the stages: first (decode), middle (filters between two DNN filters), last (encode).
 *
 * Measure of all three: the same command on native ffmpeg with each DNN filter replaced by `null` has the same streams,
 * tags, dispositions, chapters, frame count and pts. All frame-rate logic runs in the last stage, which opens the
 * user's inputs under their own numbers and gets the frames through a NUT pipe as one more input.
 */
import { DnnError } from '../base/errors.ts';
import type { PixelFormat } from '../frame/pixel-format.ts';
import { lastValue, optionWords, type CommandOption, type FileGroup } from './command.ts';
import type { Plan } from './plan.ts';
import { partText } from './plan-filterchain.ts';
import type { Rational } from '../media/nut/nut-stream.ts';
import type { PlannedFrames, Planning, StreamMapping, StreamSource } from './planning-log.ts';
import { carryStreamTags } from './stage-args-tags.ts';

/** Global options of the user that only the last stage has, since they print or write for the whole run. */
const lastStageOnly: ReadonlySet<string> = new Set([
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

/** Makes ffmpeg start with the first frame: the NUT header says all that probing would find out. */
const promptProbing = ['-probesize', '32', '-analyzeduration', '0', '-fpsprobesize', '0'];

const rational = ({ num, den }: Rational): string => `${num}/${den}`;

function framesAt(planning: Planning, place: number): PlannedFrames {
  const frames = planning.frames[place];
  if (frames === undefined) {
    throw new DnnError(
      'EINVAL',
      `No frame reached the DNN filter ${place + 1} of the chain in the planning run.`,
      {
        place,
      },
    );
  }
  return frames;
}

/** Microseconds, as ffmpeg keeps start times: halves away from zero (av_rescale). */
function startTime(frames: PlannedFrames): number {
  const { num, den } = frames.timeBase;
  const microseconds = (frames.firstPts * num * 1e6) / den;
  return Math.sign(microseconds) * Math.round(Math.abs(microseconds));
}

/** The video streams of an input that the output gets. */
export function mappedVideos({ mappings, inputs }: Planning): StreamMapping[] {
  return mappings.filter(
    ({ kind, source }) =>
      kind !== 'file' &&
      source !== undefined &&
      inputs[source.file]?.streams.find(({ index }) => index === source.stream)?.type === 'Video',
  );
}

/** The output's video stream that gets the DNN filters. */
export function videoMapping(plan: Plan, planning: Planning): StreamMapping & { source: StreamSource } {
  const videos = mappedVideos(planning);
  const filtered = /:\d+$/.test(plan.filterSpecifier) ? videos.slice(0, 1) : videos;
  const [mapping] = filtered;
  if (mapping?.source === undefined) {
    throw new DnnError('EINVAL', 'The output has no video stream that the DNN filter could work on.');
  }
  if (filtered.length > 1) {
    throw new DnnError(
      'ENOSYS',
      `The DNN filter would run on ${filtered.length} video streams of one output, which is not supported: ` +
        'map one video stream, or name it with -filter:v:0 and copy the others (-c:v:1 copy).',
    );
  }
  return { ...mapping, source: mapping.source };
}

/** Options for the raw frames of a pipe that is written. */
function pipeOutput(frames: PlannedFrames, pipe: string): string[] {
  // Each frame crosses once with its own time; NUT has no tag for float samples, so these go as PFM pictures.
  const codec = frames.pixelFormat === 'grayf32le' ? ['-c:v', 'pfm', '-tag:v', 'PFM0'] : ['-c:v', 'rawvideo'];
  const timeBase = [
    '-fps_mode',
    'passthrough',
    '-enc_time_base',
    `${frames.timeBase.num}:${frames.timeBase.den}`,
  ];
  return [...timeBase, ...codec, '-f', 'nut', pipe];
}

/** Options for a pipe that is read. `offset`: microseconds to add to its times, which stay as they are otherwise. */
function pipeInput(pixelFormat: PixelFormat, offset: number, pipe: string): string[] {
  const codec = pixelFormat === 'grayf32le' ? ['-c:v', 'pfm'] : [];
  const shift = offset === 0 ? [] : ['-itsoffset', `${offset}us`];
  // ffmpeg takes a file's start time off its times unless they are what seeking goes by.
  return ['-seek_timestamp', '1', ...shift, ...promptProbing, ...codec, '-f', 'nut', '-i', pipe];
}

/** What raw video loses, put back on the frames: colour tags, fields, and the time base that NUT may refine. */
function restoringFilters(frames: PlannedFrames): string {
  const { fieldOrder, colorRange, colorSpace, colorPrimaries, colorTrc } = frames;
  const parameters = [
    ...(fieldOrder === 'prog' ? [] : [`field_mode=${fieldOrder}`]),
    ...(colorRange === undefined ? [] : [`range=${colorRange}`]),
    ...(colorPrimaries === undefined ? [] : [`color_primaries=${colorPrimaries}`]),
    ...(colorTrc === undefined ? [] : [`color_trc=${colorTrc}`]),
    ...(colorSpace === undefined ? [] : [`colorspace=${colorSpace}`]),
  ];
  const timeBase = `settb=${rational(frames.timeBase)}`;
  return parameters.length === 0 ? timeBase : `setparams=${parameters.join(':')},${timeBase}`;
}

const inputWords = (input: FileGroup): string[] => [...optionWords(input.options), '-i', input.url];

/** Global words of a stage whose own output nobody sees. */
function quietGlobals(plan: Plan): string[] {
  const kept = plan.command.global.filter((option) => !lastStageOnly.has(option.name));
  return ['-hide_banner', '-nostdin', '-nostats', '-y', ...optionWords(kept)];
}

const scalerWords = (plan: Plan): string[] =>
  optionWords(plan.output.options.filter((option) => scalerOptions.has(option.name)));

/**
 * The stage that decodes and runs the filters before the first DNN filter.
 *
 * @param pipe path of the pipe to write
 */
export function firstStageArgs(plan: Plan, planning: Planning, pipe: string): string[] {
  const frames = framesAt(planning, 0);
  const { source } = videoMapping(plan, planning);
  const input = plan.command.inputs[source.file];
  if (input === undefined)
    throw new DnnError('EINVAL', `The planning run maps input ${source.file}, which is not given.`);
  return [
    ...quietGlobals(plan),
    ...inputWords(input),
    ...['-map', `0:${source.stream}`],
    ...scalerWords(plan),
    ...['-filter:v', partText(plan.chain, 0, '', `format=${frames.pixelFormat}`)],
    ...pipeOutput(frames, pipe),
    ...decodeAlong(plan, planning, source),
  ];
}

/** The pipes on either side of a middle stage. */
export interface MiddlePipes {
  readonly input: string;
  readonly output: string;
}

/** Whether ffmpeg filters stand before the DNN filter at `place` (from 1 on), so that a middle stage is needed. */
export function needsMiddleStage(plan: Plan, planning: Planning, place: number): boolean {
  return (
    plan.chain.parts[place] !== undefined ||
    framesAt(planning, place - 1).pixelFormat !== framesAt(planning, place).pixelFormat
  );
}

/** The stage between the DNN filters `place - 1` and `place`. Times pass through it unchanged. */
export function middleStageArgs(plan: Plan, planning: Planning, place: number, pipes: MiddlePipes): string[] {
  const before = framesAt(planning, place - 1);
  const behind = framesAt(planning, place);
  // NUT holds no negative times: a pipe that would begin below zero begins at zero.
  const offset = Math.min(0, startTime(before));
  return [
    ...quietGlobals(plan).filter((word) => word !== '-start_at_zero'),
    ...(plan.command.global.some(({ name }) => name === 'copyts') ? [] : ['-copyts']),
    ...pipeInput(before.pixelFormat, offset, pipes.input),
    ...['-map', '0:0'],
    ...scalerWords(plan),
    ...['-filter:v', partText(plan.chain, place, restoringFilters(before), `format=${behind.pixelFormat}`)],
    ...pipeOutput(behind, pipes.output),
  ];
}

/**
 * Keeps a stream's packets coming although nothing uses them: demuxers seek and skip by the streams in use.
 *
 * @param file number of the input in this stage
 */
function keepDemuxed(planning: Planning, source: StreamSource, file: number): string[] {
  const streams = planning.inputs[source.file]?.streams ?? [];
  if (streams.length < 2) return [];
  // A moment is enough: the stream then stays in use. It must end by time and not by -frames, for ffmpeg keeps reading
  // for the output that is furthest behind.
  return ['-map', `${file}:${source.stream}`, '-c', 'copy', '-t', '0.001', '-f', 'null', '-'];
}

/** With `-stream_loop` ffmpeg takes a round's length from all streams that it decodes, so the sound is decoded along. */
function decodeAlong(plan: Plan, planning: Planning, video: StreamSource): string[] {
  const looped = plan.command.inputs[video.file]?.options.some(({ name }) => name === 'stream_loop') ?? false;
  const streams = planning.inputs[video.file]?.streams ?? [];
  const maps = planning.mappings.flatMap(({ source, kind }) =>
    source?.file === video.file &&
    kind === 'encode' &&
    streams.find(({ index }) => index === source.stream)?.type === 'Audio'
      ? ['-map', `0:${source.stream}`]
      : [],
  );
  return looped && maps.length > 0 ? [...maps, '-f', 'null', '-'] : [];
}

const isOn = (options: readonly CommandOption[], name: string): boolean =>
  options.findLast((option) => option.name === name)?.value === '1';

/**
 * What `-itsoffset` of the last pipe has to be, in microseconds.
 *
 * It has a second use: for an output of constant rate, ffmpeg fills the gap in front of the first frame unless the
 * frames come from a file with one stream and `-itsoffset` 0 (fftools/ffmpeg_opt.c · new_video_stream, VSYNC_VSCFR).
 * The pipe is such a file; where the user's input is not, one microsecond, which every usual time base rounds to
 * nothing, makes it none.
 */
function lastPipeOffset(plan: Plan, planning: Planning, frames: PlannedFrames, file: number): number {
  const { global, inputs } = plan.command;
  const start = startTime(frames);
  if (isOn(global, 'copyts') && isOn(global, 'start_at_zero') && start >= 0) return start;
  if (start < 0) return start;
  const single = planning.inputs[file]?.streams.length === 1;
  const shifted = Number(lastValue(inputs[file]?.options ?? [], 'itsoffset') ?? '0') !== 0;
  return single && !shifted ? 0 : 1;
}

/**
 * Numbers of the user's inputs that the last stage opens a second time, for their subtitles and data alone.
 *
 * ffmpeg reads on for the stream that is furthest behind. Looking for the next subtitle it would run through the whole
 * file while the pipe waits, and with it through all of the sound, which then had to be kept or written too early.
 */
function sparseInputs(plan: Plan, planning: Planning): number[] {
  // With -shortest, streams of one file have to end together.
  if (isOn(plan.output.options, 'shortest')) return [];
  const files = planning.mappings.flatMap(({ source }) =>
    source !== undefined && isSparse(planning, source) ? [source.file] : [],
  );
  const rereadable = (file: number): boolean => !/^(-|pipe:.*)$/.test(plan.command.inputs[file]?.url ?? '-');
  return [...new Set(files)].filter(rereadable);
}

const isSparse = (planning: Planning, { file, stream }: StreamSource): boolean =>
  ['Subtitle', 'Data'].includes(
    planning.inputs[file]?.streams.find(({ index }) => index === stream)?.type ?? '',
  );

/** `-map` words that repeat the planned mapping, with the pipe in the video's place. */
function mapWords(plan: Plan, planning: Planning, video: StreamMapping): string[] {
  const pipeIndex = plan.command.inputs.length;
  const reopened = sparseInputs(plan, planning);
  const fileOf = (source: StreamSource): number =>
    isSparse(planning, source) && reopened.includes(source.file)
      ? pipeIndex + 1 + reopened.indexOf(source.file)
      : source.file;
  const labels = plan.output.options.filter(({ name, value }) => name === 'map' && value.startsWith('['));
  const graphs = planning.mappings.filter(({ kind }) => kind === 'graph');
  // Outputs of a complex graph without label come first, by themselves, as they did in the planning run.
  const unlabelled = new Set(graphs.slice(0, graphs.length - labels.length));
  let label = 0;
  return planning.mappings.flatMap((mapping) => {
    if (mapping.output === video.output) return ['-map', `${pipeIndex}:0`];
    if (mapping.source !== undefined) return ['-map', `${fileOf(mapping.source)}:${mapping.source.stream}`];
    return mapping.kind === 'graph' && !unlabelled.has(mapping) ? (labels[label++]?.words ?? []) : [];
  });
}

/** `-enc_time_base -1` asks for the input stream's time base, which the pipe does not have. */
function encoderTimeBaseWords(
  option: CommandOption,
  planning: Planning,
  source: StreamSource,
): readonly string[] {
  if (option.name !== 'enc_time_base' || !option.value.startsWith('-')) return option.words;
  const streams = planning.inputs[source.file]?.streams ?? [];
  const ticks = streams.find(({ index }) => index === source.stream)?.ticksPerSecond;
  return ticks === undefined ? option.words : [option.words[0]!, `1:${ticks}`];
}

/**
 * The stage that runs the filters behind the last DNN filter, encodes, and takes the other streams from the inputs.
 *
 * @param pipe path of the pipe to read
 */
export function lastStageArgs(plan: Plan, planning: Planning, pipe: string): string[] {
  const { command, output, filterOption } = plan;
  const place = plan.chain.dnnFilters.length - 1;
  const frames = framesAt(planning, place);
  const video = videoMapping(plan, planning);
  const { source } = video;
  const tags = carryStreamTags(plan, planning);
  const reopened = sparseInputs(plan, planning);
  const filters = partText(plan.chain, place + 1, restoringFilters(frames), '');
  return [
    ...optionWords(command.global),
    ...command.inputs.flatMap(inputWords),
    ...pipeInput(frames.pixelFormat, lastPipeOffset(plan, planning, frames, source.file), pipe),
    ...reopened.flatMap((file) => inputWords(command.inputs[file]!)),
    ...mapWords(plan, planning, video),
    ...tags.before,
    ...output.options
      .filter((option) => option.name !== 'map')
      .flatMap((option) =>
        option === filterOption
          ? [`-filter:${plan.filterSpecifier}`, filters]
          : encoderTimeBaseWords(option, planning, source),
      ),
    ...tags.behind,
    output.url,
    ...keepDemuxed(planning, source, source.file),
    ...reopened.flatMap((file, index) =>
      file === source.file ? keepDemuxed(planning, source, command.inputs.length + 1 + index) : [],
    ),
  ];
}
