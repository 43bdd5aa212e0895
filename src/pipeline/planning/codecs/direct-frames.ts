/**
 * Whether the frames behind the last DNN filter go straight to an encoder of the browser: where ffmpeg would
 * do nothing but convert them, and repeat and drop some by their times. Pure.
 */
import type { CodecColors } from '../../../codecs/codec-contract.ts';
import { hasAutoYuv } from '../../../frame/planar-yuv/auto-yuv.ts';
import type { ChainPlan, Plan } from '../../command/plan.ts';
import type { BrowserEncoder } from '../../command/webcodecs/browser-encoder.ts';
import { isRateWord } from '../../command/webcodecs/rate-words.ts';
import { encodePipeOffset, lastLocalIndex } from '../encode-stage-args.ts';
import { framesAt } from '../pipe-args.ts';
import type { PlannedFrames } from '../planned-frames.ts';
import type { Planning } from '../planning-log.ts';
import { usualFpsMode } from './usual-fps-mode.ts';
import type { FpsMode, VideoSyncOptions } from './video-sync.ts';

/** Global options that change times. */
const timeOptions: ReadonlySet<string> = new Set([
  ...['vsync', 'copyts', 'start_at_zero', 'frame_drop_threshold', 'dts_error_threshold'],
]);

const frameLimits: ReadonlySet<string> = new Set(['frames', 'vframes']);

/**
 * @param colors that the encoder is told.
 * @returns how the frames' times are to be treated; undefined where it takes an ffmpeg.
 */
export function directFrames(
  plan: Plan,
  planning: Planning,
  chain: ChainPlan,
  encoder: BrowserEncoder,
  colors: CodecColors,
): VideoSyncOptions | undefined {
  const localIndex = lastLocalIndex(chain);
  const frames = framesAt(planning, localIndex);
  const { timeBase, frameRate } = frames;
  const rateWords = chain.output.options.filter((option) => isRateWord(option));
  const [limit] = rateWords.filter(({ name }) => frameLimits.has(name)).toReversed();
  const mostFrames = limit === undefined ? Infinity : Number(limit.value);
  const mode = fpsMode(plan, planning, chain);
  const isFiltered = chain.chain.parts[chain.chain.dnnFilters.length] !== undefined;
  const isTimed =
    plan.command.global.some(({ name }) => timeOptions.has(name)) ||
    rateWords.some(({ name }) => !frameLimits.has(name));
  if (isFiltered || chain.chain.swsFlags !== undefined || isTimed) return undefined;
  if (mode === undefined || frameRate === undefined || Number.isNaN(mostFrames)) return undefined;
  return isConverted(frames, encoder, colors) ? { mode, timeBase, frameRate, mostFrames } : undefined;
}

function fpsMode(plan: Plan, planning: Planning, chain: ChainPlan): FpsMode | undefined {
  const offset = encodePipeOffset(plan, planning, lastLocalIndex(chain));
  if (offset < 0) return undefined;
  const usual = usualFpsMode(planning.outputs[chain.outputIndex]?.format);
  if (usual === 'passthrough') return usual;
  if (usual === 'container') return 'vfr';
  return offset === 0 ? 'vscfr' : 'cfr';
}

/** Whether the worker makes of the frames what the encoder is to get. */
function isConverted(
  { pixelFormat, colorSpace, behind }: PlannedFrames,
  encoder: BrowserEncoder,
  colors: CodecColors,
): boolean {
  if (behind?.colorRange === 'pc') return false;
  if (pixelFormat === encoder.pixelFormat) return true;
  // What a container is told and what frames are converted by may be two matrices.
  const isSameMatrix = coefficients(colorSpace) === coefficients(colors.colorSpace);
  return hasAutoYuv(pixelFormat, encoder.pixelFormat) && isSameMatrix && colors.colorRange !== 'pc';
}

/** BT.601 has two names, and is what the scaler takes where there is none. */
function coefficients(colorSpace: string | undefined): string {
  const isUsual = colorSpace === undefined || colorSpace === 'bt470bg' || colorSpace === 'gbr';
  return isUsual ? 'smpte170m' : colorSpace;
}
