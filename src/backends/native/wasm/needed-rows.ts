/** Which rows of each tensor a part of the output is computed from. */
import type { RowRange } from './layer.ts';
import type { TensorId } from '../lowering/network.ts';
import { tensorSize, type LayerNetwork } from './layer-network.ts';

/** Rows grouped as a layer computes them: `from` down and `to` up to a whole group. */
export function wholeGroups(from: number, to: number, group: number, height: number): RowRange {
  if (to <= from) return { from: 0, to: 0 };
  return { from: from - (from % group), to: Math.min(height, Math.ceil(to / group) * group) };
}

/** Rows in which a tensor is computed at a time: those of its layer; 1 for the network's input. */
export function rowGroupOf(network: LayerNetwork, tensor: TensorId): number {
  return tensor === 0 ? 1 : network.steps[tensor - 1]!.layer.rowGroup;
}

function hull(one: RowRange, other: RowRange): RowRange {
  if (one.to <= one.from) return other;
  if (other.to <= other.from) return one;
  return { from: Math.min(one.from, other.from), to: Math.max(one.to, other.to) };
}

/**
 * The rows of each tensor that must be computed, by tensor number, in whole groups; empty where none are.
 *
 * @param wanted rows of the outputs, in the order of `network.outputs`.
 */
export function neededRows(network: LayerNetwork, wanted: readonly RowRange[]): readonly RowRange[] {
  const needed: RowRange[] = Array.from({ length: network.steps.length + 1 }, () => ({ from: 0, to: 0 }));
  for (const [index, tensor] of network.outputs.entries()) {
    needed[tensor] = hull(needed[tensor]!, wanted[index]!);
  }
  for (let tensor = network.steps.length; tensor >= 0; tensor--) {
    const { from, to } = needed[tensor]!;
    const rows = wholeGroups(from, to, rowGroupOf(network, tensor), tensorSize(network, tensor).height);
    needed[tensor] = rows;
    if (tensor === 0 || rows.to <= rows.from) continue;
    const { layer, inputs } = network.steps[tensor - 1]!;
    for (const [index, input] of inputs.entries()) {
      needed[input] = hull(needed[input]!, layer.inputRows(index, rows.from, rows.to));
    }
  }
  return needed;
}
