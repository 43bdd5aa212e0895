/** Decides what becomes of the colours of a job, and says in a line of the log what is lost. */
import type { Logger } from '../../../base/log.ts';
import { pixelFormatDescriptor } from '../../../frame/pixel-format.ts';
import type { Plan } from '../../command/plan.ts';
import { encodeFilters } from '../encode-stage-args.ts';
import type { LocalFilter } from '../local-filter.ts';
import type { PlannedFrames } from '../planned-frames.ts';
import type { Planning } from '../planning-log.ts';
import { colorStreams } from './color-streams.ts';
import { keepColor } from './keep-color.ts';
import { hasMatrix, isRgbFormat, type StreamPicture, type StreamPictures } from './stream-pictures.ts';
import { hdrName, toneMapFilters } from './tone-map.ts';

/** What the colours of a job depend on. */
export interface ColorJob {
  readonly plan: Plan;
  readonly planning: Planning;
  readonly pictures: StreamPictures;
  /** By index. */
  readonly filters: readonly LocalFilter[];
  readonly log: Logger;
}

/**
 * The planning with the colours that `-dnn_color` asks for; without the option ffmpeg's own.
 *
 * @throws DnnError `EIO` where a model cannot take the frames.
 */
export function settleColor({ plan, planning, pictures, filters, log }: ColorJob): Planning {
  if (plan.command.dnnColor !== 'keep') {
    const lost = plan.command.dnnColor === undefined ? lostColors(plan, planning, pictures) : undefined;
    if (lost !== undefined) log('warning', lost);
    return planning;
  }
  const kept = keepColor(plan, planning, pictures, (localIndex) => {
    const { pixelFormat: format, width, height } = planning.frames[localIndex]!;
    return filters[localIndex]!.linkBehind({ format, width, height }).height;
  });
  const hdr = planning.frames.find((frames) => frames !== undefined && hdrName(frames) !== undefined);
  if (hdr !== undefined) {
    const isMapped = kept.frames.some((frames) => frames?.toneMap !== undefined);
    if (isMapped)
      log('info', `-dnn_color keep: HDR (${hdrName(hdr)!}) becomes BT.709 before the DNN filters.`);
    else log('warning', hdrWords(hdr));
  }
  if (hasMixedOutputs(plan, planning, pictures)) log('warning', mixedWords);
  return kept;
}

const mixedWords =
  '-dnn_color keep: outputs of one graph are YUV, and RGB or pictures such as JPEG, which have no matrix to keep: the ' +
  'colours stay as ffmpeg makes them. Write the two kinds by a command each.';

/** Whether a DNN filter of a graph leads to outputs of which only some have a matrix. */
function hasMixedOutputs(plan: Plan, planning: Planning, pictures: StreamPictures): boolean {
  return plan.filters.some((_, localIndex) => {
    const { source, outputs } = colorStreams(plan, planning, pictures, localIndex);
    const isYuv = source !== undefined && !isRgbFormat(source.pixelFormat);
    return isYuv && outputs.some(hasMatrix) && !outputs.every(hasMatrix);
  });
}

/** One line on what a command loses; undefined where it loses nothing, or sees to the colours itself. */
export function lostColors(plan: Plan, planning: Planning, pictures: StreamPictures): string | undefined {
  const known = planning.frames.filter((frames) => frames !== undefined);
  const hdr = known.find((frames) => hdrName(frames) !== undefined);
  if (hdr !== undefined) return hdrWords(hdr);
  if (/out_color_matrix|colorspace|colormatrix|zscale/.test(encodeFilters(plan))) return undefined;
  for (const [localIndex, frames] of planning.frames.entries()) {
    if (frames === undefined || !pixelFormatDescriptor(frames.pixelFormat).isRgb) continue;
    const { source, outputs } = colorStreams(plan, planning, pictures, localIndex);
    if (source === undefined || isRgbFormat(source.pixelFormat) || !outputs.some(hasMatrix)) continue;
    const lost = lostWords(source);
    if (lost !== undefined)
      return `${lost} is lost behind ${plan.filters[localIndex]!.text.split('=')[0]!}: ${advice(source)}`;
  }
  return undefined;
}

const matrixNames: ReadonlyMap<string, string> = new Map([
  ['bt709', 'BT.709'],
  ['bt2020nc', 'BT.2020'],
  ['bt2020c', 'BT.2020'],
  ['smpte170m', 'BT.601'],
  ['bt470bg', 'BT.601'],
]);

function lostWords({ colorSpace, colorRange }: StreamPicture): string | undefined {
  const matrix =
    colorSpace === undefined ? undefined : `${matrixNames.get(colorSpace) ?? colorSpace} of the input`;
  const range = colorRange === 'pc' ? 'full range' : undefined;
  return matrix !== undefined && range !== undefined ? `${matrix}, in ${range},` : (matrix ?? range);
}

function advice({ colorSpace }: StreamPicture): string {
  const isOther = colorSpace !== undefined && matrixNames.get(colorSpace) !== 'BT.601';
  return (
    `ffmpeg makes YUV of RGB by BT.601 in limited range, without a tag for the matrix` +
    `${isOther ? ', so players show other colours' : ''}. Add -dnn_color keep, or -dnn_color ffmpeg to leave it so.`
  );
}

function hdrWords(frames: PlannedFrames): string {
  return (
    `The input is HDR (${hdrName(frames)!}), and DNN filters take 8 bits: colours become dull or show bands. With -vf add ` +
    `-dnn_color keep; else begin the chain with "${toneMapFilters({ colorTrc: frames.colorTrc })}".`
  );
}
