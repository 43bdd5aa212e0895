/** The levels of H.264 (Rec. ITU-T H.264, table A-1; FFmpeg: libavcodec/h264_levels.c), without 1b. */
import type { Level } from './level.ts';

/** level_idc, MaxMBPS, MaxFS in macroblocks, MaxBR in 1000 bits a second. */
const table = [
  [10, 1485, 99, 64],
  [11, 3000, 396, 192],
  [12, 6000, 396, 384],
  [13, 11880, 396, 768],
  [20, 11880, 396, 2000],
  [21, 19800, 792, 4000],
  [22, 20250, 1620, 4000],
  [30, 40500, 1620, 10000],
  [31, 108000, 3600, 14000],
  [32, 216000, 5120, 20000],
  [40, 245760, 8192, 20000],
  [41, 245760, 8192, 50000],
  [42, 522240, 8704, 50000],
  [50, 589824, 22080, 135000],
  [51, 983040, 36864, 240000],
  [52, 2073600, 36864, 240000],
  [60, 4177920, 139264, 240000],
  [61, 8355840, 139264, 480000],
  [62, 16711680, 139264, 800000],
] as const;

/** Luma samples of a macroblock, and of its side. */
const block = 256;
const side = 16;

/**
 * The levels with the bits of Baseline and Main; High may have a quarter more (table A-2, cpbBrVclFactor).
 * Sizes are those of whole macroblocks: {@link inMacroblocks}.
 */
export const h264Levels: readonly Level[] = table.map(([code, blocksPerSecond, blocks, kilobits]) => {
  const longest = side * Math.floor(Math.sqrt(8 * blocks));
  return {
    code,
    pictureSize: block * blocks,
    sampleRate: block * blocksPerSecond,
    bitsPerSecond: 1000 * kilobits,
    maxWidth: longest,
    maxHeight: longest,
  };
});

/** A side of a picture, in luma samples, up to whole macroblocks. */
export function inMacroblocks(samples: number): number {
  return side * Math.ceil(samples / side);
}
