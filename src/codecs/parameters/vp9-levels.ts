/** The levels of VP9 (VP9 Bitstream & Decoding Process Specification, annex A). */
import type { Level } from './level.ts';

/** Level times ten, luma samples of a picture, of a second, 1000 bits a second, longest side. */
const table = [
  [10, 36864, 829440, 200, 512],
  [11, 73728, 2764800, 800, 768],
  [20, 122880, 4608000, 1800, 960],
  [21, 245760, 9216000, 3600, 1344],
  [30, 552960, 20736000, 7200, 2048],
  [31, 983040, 36864000, 12000, 2752],
  [40, 2228224, 83558400, 18000, 4160],
  [41, 2228224, 160432128, 30000, 4160],
  [50, 8912896, 311951360, 60000, 8384],
  [51, 8912896, 588251136, 120000, 8384],
  [52, 8912896, 1176502272, 180000, 8384],
  [60, 35651584, 1176502272, 180000, 16832],
  [61, 35651584, 2353004544, 240000, 16832],
  [62, 35651584, 4706009088, 480000, 16832],
] as const;

export const vp9Levels: readonly Level[] = table.map(
  ([code, pictureSize, sampleRate, kilobits, longest]): Level => ({
    code,
    pictureSize,
    sampleRate,
    bitsPerSecond: 1000 * kilobits,
    maxWidth: longest,
    maxHeight: longest,
  }),
);
