/** The levels of AV1 (AV1 Bitstream & Decoding Process Specification, annex A.3; libavcodec/av1_levels.c). */
import type { Level } from './level.ts';

/** seq_level_idx, MaxPicSize, MaxHSize, MaxVSize, MaxDisplayRate, MainMbps in 1000 bits a second. */
const table = [
  [0, 147456, 2048, 1152, 4423680, 1500],
  [1, 278784, 2816, 1584, 8363520, 3000],
  [4, 665856, 4352, 2448, 19975680, 6000],
  [5, 1065024, 5504, 3096, 31950720, 10000],
  [8, 2359296, 6144, 3456, 70778880, 12000],
  [9, 2359296, 6144, 3456, 141557760, 20000],
  [12, 8912896, 8192, 4352, 267386880, 30000],
  [13, 8912896, 8192, 4352, 534773760, 40000],
  [14, 8912896, 8192, 4352, 1069547520, 60000],
  [16, 35651584, 16384, 8704, 1069547520, 60000],
  [17, 35651584, 16384, 8704, 2139095040, 100000],
  [18, 35651584, 16384, 8704, 4278190080, 160000],
] as const;

/** Of the Main tier. */
export const av1Levels: readonly Level[] = table.map(
  ([code, pictureSize, maxWidth, maxHeight, sampleRate, kilobits]): Level => ({
    code,
    pictureSize,
    sampleRate,
    bitsPerSecond: 1000 * kilobits,
    maxWidth,
    maxHeight,
  }),
);
