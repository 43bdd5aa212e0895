/** Whether the browser's decoder can feed a run of filters, and what it has to give. Pure. */
import type { CodecName } from '../../../codecs/codec-contract.ts';
import { hasAutoRgb24 } from '../../../frame/packed-rgb/auto-rgb24.ts';
import { asksForWebCodecs } from '../../command/hwaccel.ts';
import type { ChainPlan, Plan } from '../../command/plan.ts';
import type { StreamPictures } from '../color/stream-pictures.ts';
import { scalerWords } from '../decode-stage-args.ts';
import type { DnnRun } from '../job-layout.ts';
import { formatName, framesAt } from '../pipe-args.ts';
import type { PlannedFrames } from '../planned-frames.ts';
import type { Planning, StreamSource } from '../planning-log.ts';
import { videoMapping } from '../video-mapping.ts';
import { decoderOnlyOption, frameLimit } from './input-options.ts';
import { onlyConverts } from './only-converts.ts';
import { beforeRotation, rotationFilters, turnOf } from './rotation.ts';

/** A decoder of the browser in a run's source. */
export interface DecoderPlan {
  readonly chain: ChainPlan;
  readonly source: StreamSource;
  /** By ffmpeg's word. */
  readonly codec: CodecName;
  /** The frames as they are decoded: not turned, and of their own checksum where nothing turns them. */
  readonly decoded: PlannedFrames;
  /** Filters that turn them, first of all others. */
  readonly rotation: readonly string[];
  /** Microseconds after the first frame from which on there are no frames; undefined where all are. */
  readonly limit: number | undefined;
  /**
   * What stands between decoder and run: nothing, the one conversion that the codec worker makes, or filters
   * of ffmpeg.
   */
  readonly between: 'nothing' | 'rgb24' | 'filters';
  /** What the run gets. */
  readonly given: PlannedFrames;
}

/** The input, and in words without a full stop why ffmpeg decodes it. */
export interface DecoderRefusal {
  readonly file: number;
  readonly reason: string;
  /** By ffmpeg's word; absent where it does not matter. */
  readonly codec?: string;
}

export type DecoderChoice = DecoderPlan | readonly DecoderRefusal[];

/** A {@link DecoderRefusal.reason}. */
export const readByGraph =
  'a complex filtergraph reads it; with the filters in -vf the browser would decode it';

const codecs: readonly CodecName[] = ['h264', 'hevc', 'vp8', 'vp9', 'av1'];

/** @returns refusals, for each input that the run opens and that the browser is asked to decode. */
export function planDecoder(
  plan: Plan,
  planning: Planning,
  pictures: StreamPictures,
  run: DnnRun,
): DecoderChoice {
  if (!run.opensInputs) return [];
  if (run.chain === undefined) return graphRefusals(plan, planning);
  const chain = plan.chains[run.chain]!;
  const { source } = videoMapping(chain, planning);
  const input = plan.command.inputs[source.file];
  if (!asksForWebCodecs(input?.hwaccel) || input === undefined) return [];
  const picture = pictures.inputs.get(`${source.file}:${source.stream}`);
  const named = picture === undefined ? {} : { codec: picture.codec };
  const refuse = (reason: string): readonly DecoderRefusal[] => [{ file: source.file, reason, ...named }];
  if (picture === undefined) return refuse('ffmpeg does not say what its video is');
  const codec = codecs.find((candidate) => candidate === picture.codec);
  if (codec === undefined) return refuse(`its video is ${picture.codec}, which no browser decodes`);
  const option = decoderOnlyOption(input, codec);
  if (option !== undefined) return refuse(option);
  const reported = planning.decoded?.[chain.outputIndex];
  if (reported === undefined) return refuse('its frames have a format that is not known here');
  const turn = turnOf(input, planning, source);
  const rotation = rotationFilters(turn);
  if (rotation === undefined) return refuse(`it is turned by ${turn} degrees`);
  const decoded = beforeRotation(reported, rotation, picture);
  if (decoded === undefined) return refuse(`its frames are ${picture.pixelFormat}`);
  const given = framesAt(planning, chain.firstLocalIndex);
  const between = betweenOf(chain, decoded, rotation, given);
  return { chain, source, codec, decoded, rotation, limit: frameLimit(input), between, given };
}

function graphRefusals({ command }: Plan, { graphInputs }: Planning): DecoderRefusal[] {
  const files = new Set(graphInputs.map(({ source }) => source.file));
  return [...files]
    .filter((file) => asksForWebCodecs(command.inputs[file]?.hwaccel))
    .map((file) => ({ file, reason: readByGraph }));
}

function betweenOf(
  chain: ChainPlan,
  decoded: PlannedFrames,
  rotation: readonly string[],
  given: PlannedFrames,
): DecoderPlan['between'] {
  if (!onlyConverts(chain.chain, formatName(given)) || rotation.length > 0 || given.toneMap !== undefined)
    return 'filters';
  if (formatName(decoded) === formatName(given)) return 'nothing';
  const isUsualScaler = scalerWords(chain).length === 0;
  // In the last column of an odd width ffmpeg leaves whatever its memory held.
  const isTabled =
    given.pixelFormat === 'rgb24' && decoded.width % 2 === 0 && hasAutoRgb24(decoded.pixelFormat, decoded);
  return isTabled && isUsualScaler ? 'rgb24' : 'filters';
}
