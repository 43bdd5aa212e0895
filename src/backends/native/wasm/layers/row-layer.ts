/** The frame of all layers that compute their output row by row. */
import type { LayerSpec } from '../../lowering/layer-spec.ts';
import type { Layer, RowBand, RowRange } from '../layer.ts';
import { rowAddress } from './layer-input.ts';

/** What differs from layer to layer. */
export interface RowLayer {
  /** As in Layer. */
  inputRows(input: number, from: number, to: number): RowRange;
  /**
   * Computes output row `y` at byte address `dest`. `address` gives the byte address of a row of an input.
   */
  row(y: number, dest: number, address: (input: number, row: number) => number): void;
  readonly multiplyAdds?: number;
}

/** No rows. */
export const noRows: RowRange = { from: 0, to: 0 };

/** The output's rows themselves, for layers that need nothing else. */
export function sameRows(_input: number, from: number, to: number): RowRange {
  return { from, to };
}

/** From the lowest to the highest row of a list; none for an empty one. */
export function rowsOf(rows: Iterable<number>): RowRange {
  let [from, to] = [Infinity, 0];
  for (const row of rows) {
    from = Math.min(from, row);
    to = Math.max(to, row + 1);
  }
  return from < to ? { from, to } : noRows;
}

/** A layer without scratch memory that computes any single row. */
export function rowLayer(spec: LayerSpec, parts: RowLayer): Layer {
  const { output, inputs: sizes } = spec;
  return {
    output,
    rowGroup: 1,
    multiplyAdds: parts.multiplyAdds ?? 0,
    inputRows: (input, from, to) => parts.inputRows(input, from, to),
    scratchBytes: () => 0,
    run(inputs: readonly RowBand[], band: RowBand, from: number, to: number): void {
      const address = (input: number, row: number): number => rowAddress(inputs[input]!, sizes[input]!, row);
      for (let y = from; y < to; y++) parts.row(y, rowAddress(band, output, y), address);
    },
  };
}
