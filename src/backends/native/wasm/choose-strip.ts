/** Chooses how many rows are computed at a time. */
import type { RowRange } from './layer.ts';
import { planBands, type RowPlan } from './plan-bands.ts';
import type { LayerNetwork } from './layer-network.ts';
import { stripHeight } from './schedule.ts';

/**
 * What the bands of a strip may take: half of a common second-level cache of 2 MiB; the rest is for weights.
 */
export const cacheBytes = 1024 * 1024;

/** How much larger than the smallest arena one may be that does not stay in the cache either. */
const largest = 1.25;

/**
 * Plans a run with the tallest strips whose bands stay in the cache. Where none do, strips are as tall as
 * they can be without much more memory than the smallest take: calls of kernels cost little. The choice is a
 * matter of speed only: no bit of the result depends on it.
 *
 * @param wanted rows of the outputs, in the order of `network.outputs`.
 * @param stripRows another choice, for tests; no band is then taller than it must be.
 */
export function planRun(network: LayerNetwork, wanted: readonly RowRange[], stripRows?: number): RowPlan {
  if (stripRows !== undefined) return planBands(network, wanted, stripRows, 0);
  const height = stripHeight(network);
  let best = planBands(network, wanted, 1);
  const limit = Math.max(cacheBytes, largest * best.arenaBytes);
  for (let rows = 2; best.stripRows < height; rows *= 2) {
    const plan = planBands(network, wanted, rows);
    if (plan.arenaBytes > limit) break;
    best = plan;
  }
  return best;
}
