/** The levels of HEVC (Rec. ITU-T H.265, tables A.8 and A.9; libavcodec/h265_profile_level.c). */
import type { Level } from './level.ts';

/** general_level_idc, MaxLumaPs, MaxLumaSr, MaxBR in 1000 bits a second. */
const table = [
  [30, 36864, 552960, 128],
  [60, 122880, 3686400, 1500],
  [63, 245760, 7372800, 3000],
  [90, 552960, 16588800, 6000],
  [93, 983040, 33177600, 10000],
  [120, 2228224, 66846720, 12000],
  [123, 2228224, 133693440, 20000],
  [150, 8912896, 267386880, 25000],
  [153, 8912896, 534773760, 40000],
  [156, 8912896, 1069547520, 60000],
  [180, 35651584, 1069547520, 60000],
  [183, 35651584, 2139095040, 120000],
  [186, 35651584, 4278190080, 240000],
] as const;

/** Of the Main tier. */
export const hevcLevels: readonly Level[] = table.map(([code, pictureSize, sampleRate, kilobits]) => {
  const longest = Math.floor(Math.sqrt(8 * pictureSize));
  const bitsPerSecond = 1000 * kilobits;
  return { code, pictureSize, sampleRate, bitsPerSecond, maxWidth: longest, maxHeight: longest };
});
