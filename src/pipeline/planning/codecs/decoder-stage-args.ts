/**
 * Words behind `ffmpeg` of the stages around a decoder of the browser: the one that gives its packets, and
 * the one that runs ffmpeg's filters on its frames.
 */
import { optionWords } from '../../command/command.ts';
import { partText } from '../../command/plan-filterchain.ts';
import type { Plan } from '../../command/plan.ts';
import { decodeAlong, quietGlobals, scalerWords, unchangedTimes, useAlong } from '../decode-stage-args.ts';
import { formatName, pipeInput, pipeOutput, restoringFilters, startTime } from '../pipe-args.ts';
import type { PlannedFrames } from '../planned-frames.ts';
import type { Planning } from '../planning-log.ts';
import type { DecoderPlan } from './decoder-plan.ts';
import { demuxerOptionsOf } from './input-options.ts';
import { timeShift } from './packet-clock.ts';

/** Parameter sets before the packets that need them, where the file keeps them apart. */
const annexb: Readonly<Record<string, readonly string[]>> = {
  h264: ['-bsf:v', 'h264_mp4toannexb'],
  hevc: ['-bsf:v', 'hevc_mp4toannexb'],
};

/** What of a decoder's plan its packets depend on. */
export interface DemuxedVideo extends Pick<DecoderPlan, 'source' | 'codec'> {
  readonly decoded: Pick<PlannedFrames, 'timeBase'>;
}

/**
 * The stage that copies the packets of one video stream, from the same place on as a stage that decodes.
 * It stops no sooner than at the end of the file: which frames `-t` leaves is known only from them.
 *
 * @param pipes paths of those to write: the packets as NUT, and a list with their flags
 */
export function demuxStageArgs(
  plan: Plan,
  planning: Planning,
  { source, codec, decoded }: DemuxedVideo,
  pipes: { readonly packets: string; readonly flags: string },
): string[] {
  const input = plan.command.inputs[source.file]!;
  const copied = ['-map', `0:${source.stream}`, '-c:v', 'copy'];
  return [
    ...quietGlobals(plan),
    ...optionWords(demuxerOptionsOf(input)),
    ...['-i', input.url, ...copied],
    ...(annexb[codec] ?? []),
    // NUT holds no negative times; ffmpeg's own way round it would shift all others.
    ...['-avoid_negative_ts', 'disabled', '-output_ts_offset', String(timeShift(decoded.timeBase))],
    ...['-f', 'nut', pipes.packets],
    // A list that waits in a buffer would hold up its packets.
    ...[...copied, '-f', 'framecrc', '-flush_packets', '1', pipes.flags],
    ...decodeAlong(plan, planning, [source.file], () => 0),
    ...useAlong(planning, [source.file], () => 0),
  ];
}

/** The stage that turns and filters decoded frames for a run. Times pass through it unchanged. */
export function decodedFilterArgs(
  plan: Plan,
  { chain, decoded, rotation, given }: DecoderPlan,
  pipes: { readonly input: string; readonly output: string },
): string[] {
  const { toneMap } = given;
  const before = [restoringFilters(decoded), ...rotation, ...(toneMap === undefined ? [] : [toneMap])];
  return [
    ...unchangedTimes(plan),
    ...pipeInput(decoded.pixelFormat, Math.min(0, startTime(decoded)), pipes.input),
    ...['-map', '0:0'],
    ...scalerWords(chain),
    ...['-filter:v', partText(chain.chain, 0, before.join(','), `format=${formatName(given)}`)],
    ...pipeOutput(given, pipes.output),
  ];
}
