/**
 * The order in which layers compute their rows so that little has to be kept: each
 * as far as the next ones need it.
 */
import type { RowRange } from './layer.ts';
import { neededRows, rowGroupOf, wholeGroups } from './needed-rows.ts';
import type { TensorId } from '../lowering/network.ts';
import { tensorSize, type LayerNetwork } from './layer-network.ts';

/**
 * Rows `from` … `to - 1` of a tensor are computed (or fed) now; rows from `keep`
 * on are still needed by others.
 */
export interface ComputedRows {
  readonly tensor: TensorId;
  readonly from: number;
  readonly to: number;
  readonly keep: number;
}

/** For each group of a layer's rows, the first row of an input that it or any later group needs. */
interface FirstRows {
  readonly start: number;
  readonly group: number;
  readonly rows: Int32Array;
}

interface Reader {
  readonly tensor: TensorId;
  readonly first: FirstRows;
}

function firstRows(network: LayerNetwork, reader: TensorId, input: number, need: RowRange): FirstRows {
  const { layer } = network.steps[reader - 1]!;
  const group = layer.rowGroup;
  const groups = Math.ceil((need.to - need.from) / group);
  const rows = new Int32Array(groups);
  let lowest = Infinity;
  for (let index = groups - 1; index >= 0; index--) {
    const from = need.from + index * group;
    const range = layer.inputRows(input, from, Math.min(from + group, need.to));
    if (range.to > range.from) lowest = Math.min(lowest, range.from);
    rows[index] = Math.min(lowest, 2 ** 31 - 1);
  }
  return { start: need.from, group, rows };
}

/** Makes the list of one run; used once. */
class Scheduler {
  readonly #network: LayerNetwork;
  readonly #needed: readonly RowRange[];
  readonly #strips: readonly number[];
  readonly #readers: Reader[][];
  /** By tensor: rows before this one are computed. */
  readonly #done: number[];
  readonly events: ComputedRows[] = [];

  constructor(network: LayerNetwork, needed: readonly RowRange[], strips: readonly number[]) {
    this.#network = network;
    this.#needed = needed;
    this.#strips = strips;
    this.#done = needed.map(({ from }) => from);
    this.#readers = needed.map(() => []);
    for (const [index, { inputs }] of network.steps.entries()) {
      const need = needed[index + 1]!;
      for (const [position, input] of inputs.entries()) {
        this.#readers[input]!.push({
          tensor: index + 1,
          first: firstRows(network, index + 1, position, need),
        });
      }
    }
  }

  /** Computes a tensor up to row `goal`, and what that needs, a strip at a time. */
  advance(tensor: TensorId, goal: number): void {
    const need = this.#needed[tensor]!;
    const end = Math.min(
      need.to,
      wholeGroups(0, goal, rowGroupOf(this.#network, tensor), tensorSize(this.#network, tensor).height).to,
    );
    const strip = this.#strips[tensor]!;
    for (let from = this.#done[tensor]!; from < end; from = this.#done[tensor]!) {
      // A rest is not left to a strip of its own: a few rows more cost less than another call.
      const to = end - from < 2 * strip ? end : from + strip;
      this.#advanceInputs(tensor, from, to);
      this.events.push({ tensor, from, to, keep: Math.min(from, this.#firstNeeded(tensor)) });
      this.#done[tensor] = to;
    }
  }

  #advanceInputs(tensor: TensorId, from: number, to: number): void {
    if (tensor === 0) return;
    const { layer, inputs } = this.#network.steps[tensor - 1]!;
    for (const [index, input] of inputs.entries()) {
      const rows = layer.inputRows(index, from, to);
      if (rows.to > rows.from) this.advance(input, rows.to);
    }
  }

  /** The first row of a tensor that any reader still needs. */
  #firstNeeded(tensor: TensorId): number {
    let lowest = Infinity;
    for (const reader of this.#readers[tensor]!) {
      const { start, group, rows } = reader.first;
      lowest = Math.min(lowest, rows[(this.#done[reader.tensor]! - start) / group] ?? Infinity);
    }
    return lowest;
  }
}

/** Pixels of a strip below which a layer would read its weights again too often. */
const leastPixels = 96;

/**
 * The height that strips are counted in: that of the first output, or of the input where the output has fewer
 * rows, as lists of boxes have a single one.
 */
export function stripHeight(network: LayerNetwork): number {
  const first = network.outputs[0];
  return Math.max(network.input.height, first === undefined ? 1 : tensorSize(network, first).height);
}

/** Rows of a tensor that make up one strip where `stripRows` of `stripHeight` are computed at a time. */
function rowsOfStrip(network: LayerNetwork, tensor: TensorId, stripRows: number): number {
  const { height, width } = tensorSize(network, tensor);
  const group = rowGroupOf(network, tensor);
  const rows = Math.max((stripRows * height) / stripHeight(network), Math.min(height, leastPixels / width));
  return group * Math.max(1, Math.ceil(rows / group));
}

/**
 * Orders the work of one image so that each row is computed once and every
 * layer finds the rows that it reads.
 *
 * @param wanted rows of the outputs, in the order of `network.outputs`.
 * @param stripRows rows of `stripHeight` that are computed at a time; each tensor gets as many as belong to
 * them.
 */
export function schedule(
  network: LayerNetwork,
  wanted: readonly RowRange[],
  stripRows: number,
): readonly ComputedRows[] {
  const needed = neededRows(network, wanted);
  const strips = needed.map((_, tensor) => rowsOfStrip(network, tensor, stripRows));
  const scheduler = new Scheduler(network, needed, strips);
  const shares = wanted.map(({ from, to }, index) => {
    const { height } = tensorSize(network, network.outputs[index]!);
    return (Math.max(0, to - from) / height) * stripHeight(network);
  });
  const count = Math.ceil(Math.max(1, ...shares) / stripRows);
  for (let strip = 1; strip <= count; strip++) {
    for (const [index, tensor] of network.outputs.entries()) {
      const { from, to } = wanted[index]!;
      if (to > from) scheduler.advance(tensor, from + Math.ceil(((to - from) * strip) / count));
    }
  }
  return scheduler.events;
}
