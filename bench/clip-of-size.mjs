/** Clips for whole file jobs on the product's page. */
import { join } from 'node:path';
import { clipOnPage } from './page-networks.mjs';
import { runJob } from './run-job.mjs';

/** @typedef {import('./bench-context.ts').BenchContext} BenchContext */

/** Frames a second. */
export const clipRate = 25;

/** @typedef {{ path: string, words: string[], frames: number, width: number, height: number }} Clip */

/**
 * A clip of exactly this size and number of frames: a given one is scaled, cut and encoded anew.
 *
 * @param {BenchContext} context
 * @param {{ width: number, height: number }} size
 * @param {number} frames
 * @returns {Promise<Clip>}
 */
export async function clipOfSize({ material, folder }, size, frames) {
  const words = await material.input(frames / clipRate, clipRate, size);
  if (words.length === 2) return { ...clipOnPage(words), ...size, frames };
  const name = `given-${size.width}x${size.height}-${frames}.mp4`;
  const filters = `scale=${size.width}:${size.height},fps=${clipRate}`;
  const output = ['-frames:v', String(frames), '-an', '-c:v', 'libx264', '-pix_fmt', 'yuv420p', name];
  await runJob([...words, '-vf', filters, ...output], folder);
  return { ...clipOnPage(['-i', join(folder, name)]), ...size, frames };
}
