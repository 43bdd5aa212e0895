/**
 * The planning run: the user's command with every DNN filter replaced by `format=…,showinfo`, one frame long.
 *
 * It tells what ffmpeg really negotiates (what follows a DNN filter takes part) and which streams it maps. The
 * output keeps its name and format, since they decide the encoders and the mapping; what the run writes is to be
 * dropped by the file system it runs on.
 */
import type { PixelFormat } from '../frame/pixel-format.ts';
import type { CommandOption } from './command.ts';
import type { Plan } from './plan.ts';
import { partText, replaceDnnFilters } from './plan-filterchain.ts';

/** Frame size behind a DNN filter, in pixels, and the format that the filter was found to get. */
export interface PlanningSize {
  readonly width: number;
  readonly height: number;
  readonly pixelFormat: PixelFormat;
}

/** What the planning run is built from, beside the plan. */
export interface PlanningOptions {
  /** Formats that the DNN filter at a place accepts, by ffmpeg's names. */
  readonly formatsOf: (place: number) => readonly PixelFormat[];
  /**
   * Output sizes of the first DNN filters. Not needed at first: only where a run without them fails, since a later
   * filter or the encoder refuses the smaller frames.
   */
  readonly sizes?: readonly PlanningSize[];
  /** Ends the chain behind the DNN filter at this place, to learn its frame size where the whole chain fails. */
  readonly until?: number;
}

/** Global options that only print, or that the planning run sets itself. */
const droppedGlobals: ReadonlySet<string> = new Set([
  ...['v', 'loglevel', 'hide_banner', 'stats', 'stats_period', 'progress', 'report', 'y', 'n', 'stdin'],
  ...['benchmark', 'benchmark_all', 'vstats', 'vstats_file', 'vstats_version', 'dump', 'hex', 'debug_ts'],
  ...['psnr', 'qphist', 'timelimit'],
]);

/** Input options that slow reading down. */
const slowInputs: ReadonlySet<string> = new Set(['re', 'readrate']);

/** Name of the instance that reports the frames entering the DNN filter at a place. */
export function showinfoName(place: number): string {
  return `showinfo@dnn${place}`;
}

/** A stand-in of the DNN filter: same format in and out, the size changed where it is known. */
function standIn(place: number, options: PlanningOptions): string {
  const size = options.sizes?.[place];
  const report = `${showinfoName(place)}=checksum=0`;
  if (size === undefined) return `format=${options.formatsOf(place).join('|')},${report}`;
  const { width, height, pixelFormat } = size;
  if (pixelFormat !== 'grayf32le' && width % 4 === 0 && height % 4 === 0) {
    // Unlike scale, pad and crop keep one format on both sides, as the DNN filter does; they know no float formats,
    // and round to whole chroma samples.
    const formats = `format=${options.formatsOf(place).join('|')}`;
    return `${formats},${report},pad='max(iw,${width})':'max(ih,${height})',crop=${width}:${height}:0:0`;
  }
  return `format=${pixelFormat},${report},scale=${width}:${height},format=${pixelFormat}`;
}

/** The user's chain with the stand-ins. */
function planningChain(plan: Plan, options: PlanningOptions): string {
  const { until } = options;
  const whole = replaceDnnFilters(plan.filterText, plan.chain.dnnFilters, (place) => standIn(place, options));
  if (until === undefined) return whole;
  // Only reached for its size: filters that the chain's end would link to are gone, so nothing but a row is left.
  const head = plan.chain.parts
    .slice(0, until + 1)
    .map((_, place) => partText(plan.chain, place, place === 0 ? '' : standIn(place - 1, options), ''));
  return [...head, standIn(until, options)].filter((text) => text !== '').join(',');
}

/** What the planning run must not take over: it would skip or wait for frames before the first one comes out. */
function isPlanningOption(option: CommandOption): boolean {
  return option.name !== 'ss';
}

/**
 * Words behind `ffmpeg` of the planning run. It ends by itself once one frame is encoded, however long the other
 * streams are: with `-frames:v` reached ffmpeg closes the whole output.
 */
export function planningArgs(plan: Plan, options: PlanningOptions): string[] {
  const { command, output, filterOption } = plan;
  const globals = command.global.filter((option) => !droppedGlobals.has(option.name));
  const chain = planningChain(plan, options);
  return [
    ...['-hide_banner', '-nostdin', '-nostats', '-y', '-loglevel', 'info'],
    ...globals.flatMap((option) => option.words),
    ...command.inputs.flatMap((input) => [
      ...input.options.filter((option) => !slowInputs.has(option.name)).flatMap((option) => option.words),
      '-i',
      input.url,
    ]),
    ...output.options
      .filter(isPlanningOption)
      .flatMap((option) =>
        option === filterOption ? [`-filter:${plan.filterSpecifier}`, chain] : option.words,
      ),
    '-frames:v',
    '1',
    ...(options.until === undefined ? [] : ['-c:v', 'rawvideo', '-f', 'null']),
    output.url,
  ];
}
