/**
 * Convolutions of 1x1 see no rows: the pixels of several rows are computed as one long row, so that weights
 * are read once for all of them, and narrow images fill the kernel's blocks of pixels.
 */
import type { KernelExports } from '../kernel-exports.ts';
import { blockBytes, blockWords, pixelUnit, type PackedConvolution } from './conv2d-direct.ts';

/** Input of one such row, in bytes: what stays in the cache while the weights pass by. */
const chunkBytes = 192 * 1024;

/** The rows of an image that are computed together. */
export function rowsTogether(width: number, inputChannels: number): number {
  return Math.max(1, Math.floor(chunkBytes / (4 * width * inputChannels)));
}

/** Bytes of scratch that `writePixels` takes, in front of the kernel's own. */
export const pixelsBytes = blockBytes;

/**
 * Writes the parameter block of a convolution for a row of another number of pixels.
 *
 * @param scratch byte address of `pixelsBytes`, which is that of the block.
 * @param pixelBytes of the input
 */
export function writePixels(
  kernels: KernelExports,
  { words }: PackedConvolution,
  pixels: number,
  pixelBytes: number,
  scratch: number,
): void {
  const block = new Int32Array(kernels.memory.buffer, scratch, blockWords);
  block.set(words);
  const whole = Math.floor(pixels / pixelUnit) * pixelUnit;
  block[11] = pixels;
  block[12] = whole === 0 ? pixelUnit : 0;
  block[13] = whole === 0 ? pixelUnit : whole;
  block[19] = pixels * pixelBytes;
}

/** Bytes of scratch for the pixels that are left of a block, which the kernel copies, and their table. */
export function restBytes(rows: number, pixelBytes: number): number {
  return 16 * Math.ceil(rows / 4) + pixelUnit * pixelBytes * rows;
}
