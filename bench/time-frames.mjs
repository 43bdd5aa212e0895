/** Times a backend frame by frame, in Node and in the bench page's worker alike. */
/* global performance */
import { median } from './median.mjs';

/**
 * @param {() => Promise<void>} run one frame
 * @param {number} leastMs to go on for
 * @param {number} leastFrames
 * @returns {Promise<number>} milliseconds of a frame: the median, since a frame that other programs disturbed says nothing
 */
export async function timeFrames(run, leastMs, leastFrames) {
  const times = [];
  let total = 0;
  while (total < leastMs || times.length < leastFrames) {
    const start = performance.now();
    await run();
    const ms = performance.now() - start;
    times.push(ms);
    total += ms;
  }
  return median(times);
}

/** Milliseconds and frames of one round, and of the frames before the first. */
export const roundLength = /** @type {const} */ ([200, 3]);
export const warmUpLength = /** @type {const} */ ([1000, 4]);
