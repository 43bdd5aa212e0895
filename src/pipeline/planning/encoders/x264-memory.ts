/**
 * How much memory x264 takes: its frames, as common/frame.c · frame_new lays them out, times how many of them
 * encoder/encoder.c keeps.
 *
 * Measured in the core (peak of the heap above the program, 1 MB = 10^6 bytes; constant gray, `-subq 1`):
 *
 * | size      | format      | settings              | measured | here   |
 * | --------- | ----------- | --------------------- | -------- | ------ |
 * | 640x352   | yuv420p     | medium                | 54.0     | 54.0   |
 * | 640x352   | yuv444p     | medium                | 86.2     | 87.1   |
 * | 640x352   | yuv420p10le | medium                | 94.0     | 93.9   |
 * | 640x352   | yuv420p     | veryslow              | 106.2    | 104.4  |
 * | 3840x2160 | yuv420p     | veryfast, crf 18      | 648.7    | 651.9  |
 * | 3840x2160 | yuv444p     | crf 18, lookahead 5   | 984.1    | 1005.4 |
 * | 3840x2160 | yuv420p     | 5 Mbit/s, lookahead 5 | 562.8    | 556.4  |
 *
 * More of them stand in the test beside this file.
 */
import type { X264Settings } from './x264-settings.ts';

/** What is encoded: pixels, and any of ffmpeg's pixel formats. */
export interface EncodedPicture {
  readonly width: number;
  readonly height: number;
  readonly pixelFormat: string;
}

/** Samples of chroma for each of luma, and the bytes of one. */
interface SampleLayout {
  readonly chroma: 0 | 0.5 | 1 | 2;
  readonly bytes: 1 | 2;
}

function sampleLayout(format: string): SampleLayout {
  const bytes = /1[0-6]([lb]e)?$|nv20/.test(format) ? 2 : 1;
  if (format.startsWith('gray')) return { chroma: 0, bytes };
  if (/444|rgb|bgr|gbr/.test(format)) return { chroma: 2, bytes };
  return { chroma: /422|nv16|nv20/.test(format) ? 1 : 0.5, bytes };
}

/** Bytes of a picture, without padding. */
export function pictureBytes({ width, height, pixelFormat }: EncodedPicture): number {
  const { chroma, bytes } = sampleLayout(pixelFormat);
  return width * height * (1 + chroma) * bytes;
}

/** The settings as x264 corrects them (encoder.c · validate_parameters), in frames. */
function framesKept(settings: X264Settings): { inputs: number; references: number; bframes: number } {
  const { keyint, lookahead, mbtree, vbv, constantQuantiser, pyramid } = settings;
  const bframes = Math.max(0, Math.min(16, settings.bframes, keyint - 1));
  const looksAhead = (mbtree && !constantQuantiser) || vbv;
  const delay = looksAhead ? Math.max(bframes, Math.min(250, lookahead, keyint)) : bframes;
  const reordered = pyramid && bframes > 1 ? 4 : bframes > 0 ? 2 : 1;
  const refs = keyint <= 1 ? 1 : settings.refs;
  // Beside the delay: one for variable frame rates, one that is encoded. Beside references: that and a spare.
  return { inputs: delay + 2, references: Math.min(16, Math.max(1, refs, reordered)) + 2, bframes };
}

/** Bytes that x264 allocates for one stream. */
export function x264Bytes(settings: X264Settings, { width, height, pixelFormat }: EncodedPicture): number {
  const { chroma, bytes } = sampleLayout(pixelFormat);
  const columns = Math.ceil(width / 16);
  const rows = Math.ceil(height / 16);
  const blocks = columns * rows;
  // Left and right of a plane stand 32 samples, aligned to 64 bytes on one side; above and below 32 each.
  const padding = 32 + 64 / bytes;
  const luma = (columns * 16 + padding) * (rows * 16 + 64) * bytes;
  const halfSize = (columns * 8 + padding) * (rows * 8 + 64) * bytes;
  const { inputs, references, bframes } = framesKept(settings);
  const lists = bframes > 0 ? 2 : 1;
  const record = 14_000;
  const lookaheadTables = blocks * (8 * lists * (bframes + 1) + 2 * (bframes + 2) ** 2 + 12);
  const input = luma * (1 + chroma) + 4 * halfSize + lookaheadTables + record;
  // Three interpolated planes beside each of luma; 4:4:4 has three such planes.
  const interpolated = settings.subme > 0 ? 3 * luma * (chroma === 2 ? 3 : 1) : 0;
  const sums = settings.exhaustive ? 2 * luma : 0;
  const reference = luma * (1 + chroma) + interpolated + sums + blocks * (6 + 68 * lists) + record;
  const share = settings.quantiser === undefined ? 1 : 1.4 * 0.95 ** settings.quantiser;
  // The bits of a picture, and the same again as NAL units.
  const bits = 2.5 * Math.max(1e6, 4 * width * height * share);
  const weighted = settings.weightp ? 2 * luma : 0;
  const frames = inputs * input + references * reference;
  return (settings.interlaced ? 2 : 1) * frames + bits + weighted + 200 * blocks + 3e5;
}
