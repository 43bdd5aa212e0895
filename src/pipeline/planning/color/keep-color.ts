/**
 * What `-dnn_color keep` makes of the frames of a planning run. ffmpeg's scaler goes by the matrix that a
 * frame is tagged with, and 5.1 takes that tag away where frames become RGB (libavfilter/vf_scale.c ·
 * scale_frame): so the input's stands on the RGB frames behind a network too.
 */
import { pixelFormatDescriptor } from '../../../frame/pixel-format.ts';
import type { Plan } from '../../command/plan.ts';
import type { ColorsBehind, PlannedFrames } from '../planned-frames.ts';
import type { Planning } from '../planning-log.ts';
import { colorStreams, type ColorStreams } from './color-streams.ts';
import { companionOf, matrixToWrite } from './players-matrix.ts';
import {
  hasMatrix,
  isRgbFormat,
  takesFullRange,
  type StreamPicture,
  type StreamPictures,
} from './stream-pictures.ts';
import { hdrName, toneMapFilters } from './tone-map.ts';

/**
 * The same planning with frames whose colours are kept.
 *
 * @param heightBehind rows behind the DNN filter at an index.
 */
export function keepColor(
  plan: Plan,
  planning: Planning,
  pictures: StreamPictures,
  heightBehind: (localIndex: number) => number,
): Planning {
  const frames = planning.frames.map((planned, localIndex) => {
    if (planned === undefined) return undefined;
    const streams = colorStreams(plan, planning, pictures, localIndex);
    if (!streams.isInGraph && hdrName(planned) !== undefined) return toneMapped(planned, streams);
    const { source, outputs, upstream } = streams;
    // A file without a matrix of its own, as of a picture, gets what ffmpeg gives it.
    if (source === undefined || !outputs.every(hasMatrix)) return planned;
    const losesMatrix = isRgb(planned) || upstream.some((index) => isRgb(planning.frames[index]));
    const matrix = losesMatrix && !isRgbFormat(source.pixelFormat) ? source.colorSpace : undefined;
    const tagged = matrix === undefined ? planned : { ...planned, colorSpace: matrix };
    if (plan.upstream.has(localIndex)) return tagged;
    const growth = heightBehind(localIndex) / planned.height;
    const behind = colorsBehind(tagged, source, outputs[0], losesMatrix, growth);
    return behind === undefined ? tagged : { ...tagged, behind };
  });
  return { ...planning, frames };
}

const isRgb = (frames: PlannedFrames | undefined): boolean =>
  frames !== undefined && pixelFormatDescriptor(frames.pixelFormat).isRgb;

function toneMapped(frames: PlannedFrames, { source, outputs }: ColorStreams): PlannedFrames {
  const bt709 = { colorPrimaries: 'bt709', colorTrc: 'bt709' };
  const matrix = isRgb(frames) && !outputs.every(hasMatrix) ? {} : { colorSpace: 'bt709' };
  const range = isRgb(frames) ? {} : { colorRange: 'tv' };
  const toneMap = toneMapFilters({ ...source, colorTrc: frames.colorTrc });
  return { ...frames, ...bt709, ...matrix, ...range, toneMap };
}

/** @param growth of the rows, from the planning run's output to the real one. */
function colorsBehind(
  { pixelFormat, colorPrimaries, colorTrc }: PlannedFrames,
  source: StreamPicture,
  output: StreamPicture | undefined,
  losesMatrix: boolean,
  growth: number,
): ColorsBehind | undefined {
  const isYuvSource = !isRgbFormat(source.pixelFormat);
  const isConverted = losesMatrix || pixelFormat.startsWith('gray');
  const isFull = source.colorRange === 'pc' && (output === undefined || takesFullRange(output));
  const range = isYuvSource ? rangeBehind(source.colorRange, isFull, isConverted) : undefined;
  const known = isYuvSource ? source.colorSpace : undefined;
  const guessed = output === undefined ? undefined : matrixToWrite(source, output, output.height * growth);
  // Full range is converted to in any case, also from RGB to RGB, where ffmpeg takes the matrix away again.
  const matrix = known === undefined ? guessed : range === 'pc' ? known : undefined;
  // Chromium goes by tags only where all three are there.
  const others = guessed === undefined ? undefined : companionOf(known ?? guessed);
  const behind: ColorsBehind = {
    ...(range === undefined ? {} : { colorRange: range }),
    ...(matrix === undefined ? {} : { colorSpace: matrix }),
    ...(others === undefined || colorPrimaries !== undefined ? {} : { colorPrimaries: others }),
    ...(others === undefined || colorTrc !== undefined ? {} : { colorTrc: others }),
  };
  return Object.keys(behind).length === 0 ? undefined : behind;
}

/** ffmpeg's conversion from RGB and gray makes limited range, and says so: right where full cannot be. */
function rangeBehind(
  source: string | undefined,
  isFull: boolean,
  isConverted: boolean,
): 'pc' | 'unknown' | undefined {
  if (isFull) return 'pc';
  return source === undefined && isConverted ? 'unknown' : undefined;
}
