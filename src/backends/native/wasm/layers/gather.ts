/** Layers whose output at (y, x, c) is their input at (rows[y], columns[x], channels[c]), or a constant. */
import type { LayerSpec } from '../../lowering/layer-spec.ts';
import type { Layer, LayerContext } from '../layer.ts';
import { uploadRuns, type Run } from './copy-runs.ts';
import { onlyInput } from './layer-input.ts';
import { rowLayer, rowsOf } from './row-layer.ts';

/** For each index of the output the index in the input; -1 for the fill value. */
export interface GatherMaps {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  readonly channels: readonly number[];
}

/** 0, 1, … */
export function identityMap(size: number): number[] {
  return Array.from({ length: size }, (_, index) => index);
}

/** Runs of whole numbers in a map, in pieces of copies and of fills. */
function* runsOf(map: readonly number[]): Generator<Run> {
  for (let dest = 0; dest < map.length;) {
    const source = map[dest]!;
    let length = 1;
    while (dest + length < map.length && map[dest + length] === (source < 0 ? -1 : source + length)) length++;
    yield { dest, source, length };
    dest += length;
  }
}

/** The pieces of one row that is not all fill: copies (`filled` false) or fills. */
function* pieces(maps: GatherMaps, inputChannels: number, filled: boolean): Generator<Run> {
  const channels = [...runsOf(maps.channels)];
  const count = maps.channels.length;
  for (const [x, column] of maps.columns.entries()) {
    if (column < 0) {
      if (filled) yield { dest: x * count, source: -1, length: count };
      continue;
    }
    for (const { dest, source, length } of channels) {
      if (source < 0 !== filled) continue;
      yield { dest: x * count + dest, source: filled ? -1 : column * inputChannels + source, length };
    }
  }
}

/** Makes such a layer. @param fill the constant where a map says -1. */
export function gatherLayer(spec: LayerSpec, context: LayerContext, maps: GatherMaps, fill = 0): Layer {
  const input = onlyInput(spec);
  const { kernels } = context;
  const copies = uploadRuns(context, pieces(maps, input.channels, false));
  const fills = uploadRuns(context, pieces(maps, input.channels, true));
  const { width, channels } = spec.output;
  const wholeRow = uploadRuns(context, [{ dest: 0, source: -1, length: width * channels }]);
  return rowLayer(spec, {
    inputRows: (_, from, to) => rowsOf(maps.rows.slice(from, to).filter((row) => row >= 0)),
    row(y, dest, address) {
      const row = maps.rows[y]!;
      if (row < 0) {
        kernels.fillBlocks(wholeRow.pointer, wholeRow.count, fill, dest);
        return;
      }
      kernels.copyBlocks(copies.pointer, copies.count, address(0, row), dest);
      kernels.fillBlocks(fills.pointer, fills.count, fill, dest);
    },
  });
}
