/** Times a backend frame by frame, in Node and in the bench page's worker alike. */
import { median } from './median.mjs';

/**
 * @param {() => Promise<void>} run one frame
 * @param {number} leastMs to go on for
 * @param {number} leastFrames
 * @returns {Promise<number>} milliseconds of a frame: the median, since a frame that other
 * programs disturbed says nothing
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

/**
 * How long a network is run: milliseconds and frames at least.
 *
 * @typedef {object} Effort
 * @property {readonly [ms: number, frames: number]} warmUp before the first round, so that the engine has
 * compiled what runs often once more
 * @property {readonly [ms: number, frames: number]} round
 */

/** @type {Readonly<Record<import('./bench-context.ts').BenchContext['mode'], Effort>>} */
export const efforts = {
  full: { warmUp: [1000, 4], round: [200, 3] },
  quick: { warmUp: [250, 2], round: [60, 1] },
  smoke: { warmUp: [0, 1], round: [0, 1] },
};
