/** The list that says when a track begins (libavformat/movenc.c · mov_write_edts_tag). */
import { longWords, wordBox } from './box-writer.ts';
import type { MediaSample } from './media-sample.ts';
import { rescaleDown, rescaleUp, trackTimes } from './track-times.ts';

/** When a track begins. */
export interface EditStart {
  /** Units of the movie that pass before it is shown. */
  readonly delay: number;
  /** Units of the track that are left out at its start. */
  readonly mediaTime: number;
}

/** Rate of a segment: 1 as a fixed-point number. */
const normalRate = 0x10000;

/** @param timeScale of the track. */
export function editStart(
  samples: readonly MediaSample[],
  timeScale: number,
  movieTimeScale: number,
): EditStart {
  const { startDts, startPts } = trackTimes(samples);
  const delay = rescaleDown(startPts, movieTimeScale, timeScale);
  return { delay, mediaTime: delay > 0 ? startPts - startDts : -Math.min(startDts, 0) };
}

/** An `elst` box. */
export function writeEditList(
  samples: readonly MediaSample[],
  timeScale: number,
  movieTimeScale: number,
): Uint8Array {
  const { startPts, endPts } = trackTimes(samples);
  const { delay, mediaTime } = editStart(samples, timeScale, movieTimeScale);
  const duration = rescaleUp(endPts - startPts, movieTimeScale, timeScale) + Math.min(0, delay);
  const isLong = Math.max(duration, delay) >= 2 ** 31 - 1;
  const time = (value: number): number[] => (isLong ? longWords(value) : [value]);
  const none = Array<number>(isLong ? 2 : 1).fill(2 ** 32 - 1);
  const entries = [...time(duration), ...time(mediaTime), normalRate];
  const list = delay > 0 ? [2, ...time(delay), ...none, normalRate, ...entries] : [1, ...entries];
  return wordBox('elst', list, isLong ? 1 : 0);
}

/** The start that a list says; undefined for a list that ffmpeg does not write. @param list an `elst` box. */
export function readEditStart(list: Uint8Array): EditStart | undefined {
  const view = new DataView(list.buffer, list.byteOffset, list.length);
  if (list.length < 16) return undefined;
  const isLong = list[8] === 1;
  const count = view.getUint32(12);
  const length = isLong ? 20 : 12;
  if (count < 1 || count > 2 || list.length < 16 + count * length) return undefined;
  const time = (at: number): number => (isLong ? Number(view.getBigInt64(at)) : view.getInt32(at));
  const last = 16 + (count - 1) * length;
  return { delay: count === 2 ? time(16) : 0, mediaTime: time(last + (isLong ? 8 : 4)) };
}
