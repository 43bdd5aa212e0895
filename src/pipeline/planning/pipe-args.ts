/** Words for the NUT pipes between the stages, and filters that put back what raw video loses on its way. */
import { DnnError } from '../../base/errors.ts';
import type { PixelFormat } from '../../frame/pixel-format.ts';
import type { Rational } from '../../media/nut/nut-stream.ts';
import type { CommandOption } from '../command/command.ts';
import type { PlannedFrames } from './planned-frames.ts';
import type { Planning } from './planning-log.ts';

/** Makes ffmpeg start with the first frame: the NUT header says all that probing would find out. */
const promptProbing = ['-probesize', '32', '-analyzeduration', '0', '-fpsprobesize', '0'];

const rational = ({ num, den }: Rational): string => `${num}/${den}`;

/** The frames entering a DNN filter. @throws DnnError `EINVAL` where the planning run saw none */
export function framesAt(planning: Planning, localIndex: number): PlannedFrames {
  const frames = planning.frames[localIndex];
  if (frames === undefined) {
    throw new DnnError('EINVAL', `No frame reached the DNN filter ${localIndex + 1} in the planning run.`, {
      index: localIndex,
    });
  }
  return frames;
}

/** ffmpeg's name of their pixel format. */
export function formatName({ pixelFormat, isYuvj }: PlannedFrames): string {
  return isYuvj === true ? pixelFormat.replace('yuv', 'yuvj') : pixelFormat;
}

/** Microseconds, as ffmpeg keeps start times: halves away from zero (av_rescale). */
export function startTime(frames: PlannedFrames): number {
  const { num, den } = frames.timeBase;
  const microseconds = (frames.firstPts * num * 1e6) / den;
  return Math.sign(microseconds) * Math.round(Math.abs(microseconds));
}

const isOn = (options: readonly CommandOption[], name: string): boolean =>
  options.findLast((option) => option.name === name)?.value === '1';

/**
 * Microseconds to add to the times of a pipe so that they are again what they
 * were in the filtergraph before it.
 */
export function pipeOffset(global: readonly CommandOption[], frames: PlannedFrames): number {
  const start = startTime(frames);
  if (isOn(global, 'copyts') && isOn(global, 'start_at_zero') && start >= 0) return start;
  // NUT holds no negative times: a pipe that would begin below zero begins at zero.
  return Math.min(0, start);
}

/** Options for the raw frames of a pipe that is written. */
export function pipeOutput(frames: PlannedFrames, pipe: string): string[] {
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

/**
 * Options for a pipe that is read. `offset`: microseconds to add to its times,
 * which stay as they are otherwise.
 */
export function pipeInput(pixelFormat: PixelFormat, offset: number, pipe: string): string[] {
  const codec = pixelFormat === 'grayf32le' ? ['-c:v', 'pfm'] : [];
  const shift = offset === 0 ? [] : ['-itsoffset', `${offset}us`];
  // ffmpeg takes a file's start time off its times unless they are what seeking goes by.
  return ['-seek_timestamp', '1', ...shift, ...promptProbing, ...codec, '-f', 'nut', '-i', pipe];
}

/**
 * Options for a pipe with encoded video, whose times stay as they are. `start`: what is added to them, by
 * ffmpeg's words; undefined for nothing.
 */
export function encodedPipeInput(start: string | undefined, pipe: string): string[] {
  const shift = start === undefined ? [] : ['-itsoffset', start];
  return ['-seek_timestamp', '1', ...shift, ...promptProbing, '-f', 'nut', '-i', pipe];
}

/**
 * What raw video loses, put back on the frames: colour tags, fields, and the time base that NUT may refine.
 */
export function restoringFilters(frames: PlannedFrames): string {
  const { fieldOrder, colorRange, colorSpace, colorPrimaries, colorTrc } = frames;
  const parameters = [
    ...(fieldOrder === 'prog' ? [] : [`field_mode=${fieldOrder}`]),
    ...(colorRange === undefined ? [] : [`range=${colorRange}`]),
    ...(colorPrimaries === undefined ? [] : [`color_primaries=${colorPrimaries}`]),
    ...(colorTrc === undefined ? [] : [`color_trc=${colorTrc}`]),
    ...(colorSpace === undefined ? [] : [`colorspace=${colorSpace}`]),
  ];
  return [
    ...(parameters.length === 0 ? [] : [`setparams=${parameters.join(':')}`]),
    ...(frames.isYuvj === true ? [`format=${formatName(frames)}`] : []),
    `settb=${rational(frames.timeBase)}`,
  ].join(',');
}

/**
 * The same behind the last DNN filter, with the conversion that gives the frames the colours that they have
 * to have. It takes the place of the one that ffmpeg would insert; where RGB goes on, it changes nothing.
 */
export function lastRestoringFilters(frames: PlannedFrames): string {
  const restored = restoringFilters(frames);
  if (frames.behind === undefined) return restored;
  const { colorRange, colorPrimaries, colorTrc, colorSpace } = frames.behind;
  const parameters = [
    ...(colorRange === undefined ? [] : [`range=${colorRange}`]),
    ...(colorPrimaries === undefined ? [] : [`color_primaries=${colorPrimaries}`]),
    ...(colorTrc === undefined ? [] : [`color_trc=${colorTrc}`]),
    ...(colorSpace === undefined ? [] : [`colorspace=${colorSpace}`]),
  ];
  const scale = colorRange === 'pc' ? 'scale=out_range=pc' : 'scale';
  return `${restored},${scale},setparams=${parameters.join(':')}`;
}
