/** Chooses how many rows are computed at a time. */
import type { RowRange } from './layer.ts';
import { planBands, type RowPlan } from './plan-bands.ts';
import { tensorSize, type LayerNetwork } from './network.ts';

/** What the bands of a strip may take: half of a common second-level cache of 2 MiB; the rest is for weights. */
export const cacheBytes = 1024 * 1024;

/** Rows of the first output that belong to one group of every layer. */
function smallestStrip(network: LayerNetwork): number {
  const first = network.outputs[0];
  const height = first === undefined ? 1 : tensorSize(network, first).height;
  let rows = 1;
  for (const { layer } of network.steps) {
    const { rowGroup, output } = layer;
    if (output.height > rowGroup) rows = Math.max(rows, Math.ceil((rowGroup * height) / output.height));
  }
  return Math.min(rows, height);
}

/**
 * Plans a run with the tallest strips whose bands stay in the cache, or the smallest that the layers allow. The choice is
 * a matter of speed only: no bit of the result depends on it.
 *
 * @param wanted rows of the outputs, in the order of `network.outputs`.
 * @param stripRows another choice, for tests; no band is then taller than it must be.
 */
export function planRun(network: LayerNetwork, wanted: readonly RowRange[], stripRows?: number): RowPlan {
  if (stripRows !== undefined) return planBands(network, wanted, stripRows, 0);
  const unit = smallestStrip(network);
  const height = Math.max(1, ...wanted.map(({ from, to }) => to - from));
  let best = planBands(network, wanted, unit);
  for (let rows = 2 * unit; best.arenaBytes < cacheBytes && best.stripRows < height; rows *= 2) {
    const plan = planBands(network, wanted, rows);
    if (plan.arenaBytes > cacheBytes) break;
    best = plan;
  }
  return best;
}
