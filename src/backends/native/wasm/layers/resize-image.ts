/** ResizeImage, this project's own op: ONNX's Resize of height and width in all its modes. */
import { boolAttr, floatAttr, nodeError, stringAttr } from '../../../../graph/node-attrs.ts';
import type { GraphNode } from '../../../../graph/graph.ts';
import type { LayerSpec } from '../../lowering/layer-spec.ts';
import type { Layer, LayerContext, LayerFactory } from '../layer.ts';
import { uploadRuns } from './copy-runs.ts';
import { gatherLayer, identityMap } from './gather.ts';
import { onlyInput, rowAddress } from './layer-input.ts';
import {
  coordinateOf,
  resampleTaps,
  type ResampledAxis,
  type Resampling,
  type Taps,
} from './resample-taps.ts';
import { rowsOf } from './row-layer.ts';
import { unsupported } from './unsupported.ts';

function resamplingOf(node: GraphNode): Resampling {
  return {
    mode: stringAttr(node, 'mode', 'nearest'),
    coordinates: stringAttr(node, 'coordinates', 'half_pixel'),
    nearest: stringAttr(node, 'nearest_mode', 'round_prefer_floor'),
    cubicA: floatAttr(node, 'cubic_coeff_a', -0.75),
    excludeOutside: boolAttr(node, 'exclude_outside', false),
    antialias: boolAttr(node, 'antialias', false),
  };
}

function floatsOf(node: GraphNode, name: string): readonly number[] {
  const value = node.attrs[name];
  return value !== undefined && 'list' in value ? (value.list.f ?? value.list.i ?? []) : [];
}

/** Height and width. */
function axesOf(spec: LayerSpec): [ResampledAxis, ResampledAxis] {
  const { node, output } = spec;
  const image = onlyInput(spec);
  const [scales, roi] = [floatsOf(node, 'scales'), floatsOf(node, 'roi')];
  const one = (axis: 0 | 1, input: number, size: number): ResampledAxis => {
    const scale = scales[axis] ?? size / input;
    if (!(scale > 0)) throw nodeError(node, `has the scales ${scales.join(', ')}`);
    return { input, output: size, scale, roi: [roi[axis] ?? 0, roi[axis + 2] ?? 1] };
  };
  return [one(0, image.height, output.height), one(1, image.width, output.width)];
}

/** Words for resampleRow: as many taps a pixel as the pixel with most has; outside nothing is taken. */
function packedTaps(taps: readonly Taps[], pixelBytes: number): { words: Int32Array; most: number } {
  const most = Math.max(1, ...taps.map((list) => list?.length ?? 0));
  const words = new Int32Array(2 * most * taps.length);
  const weights = new Float32Array(words.buffer);
  for (const [x, list] of taps.entries()) {
    for (const [at, [index, weight]] of (list ?? []).entries()) {
      words[2 * (x * most + at)] = index * pixelBytes;
      weights[2 * (x * most + at) + 1] = weight;
    }
  }
  return { words, most };
}

/** Rows are summed with their weights first, then the pixels of the sum. */
function weighted(
  spec: LayerSpec,
  context: LayerContext,
  down: readonly Taps[],
  across: readonly Taps[],
): Layer {
  const { node, output } = spec;
  const { kernels } = context;
  const input = onlyInput(spec);
  const { words, most } = packedTaps(across, 4 * input.channels);
  const taps = context.upload(words);
  const fill = floatAttr(node, 'extrapolation_value', 0);
  const { width, channels } = output;
  const outside = (xs: Iterable<number>): ReturnType<typeof uploadRuns> =>
    uploadRuns(
      context,
      Array.from(xs, (x) => ({ dest: x * channels, source: -1, length: channels })),
    );
  const wholeRow = outside(identityMap(width));
  const columns = outside(identityMap(width).filter((x) => across[x] === undefined));
  const count = input.width * channels;
  const keepsWidth = across.every((list, x) => list?.length === 1 && list[0]![0] === x && list[0]![1] === 1);
  return {
    output,
    rowGroup: 1,
    multiplyAdds: output.height * channels * (count + width * most),
    inputRows: (_, from, to) =>
      rowsOf(down.slice(from, to).flatMap((list) => (list ?? []).map(([index]) => index))),
    scratchBytes: () => 4 * count + 16,
    run([band], target, from, to, scratch) {
      for (let y = from; y < to; y++) {
        const dest = rowAddress(target, output, y);
        const rows = down[y];
        if (rows === undefined) {
          kernels.fillBlocks(wholeRow.pointer, wholeRow.count, fill, dest);
          continue;
        }
        const isCopy = rows.length === 1 && rows[0]![1] === 1;
        const sums = isCopy ? rowAddress(band!, input, rows[0]![0]) : keepsWidth ? dest : scratch;
        for (const [at, [row, weight]] of (isCopy ? [] : rows).entries()) {
          kernels.addScaled(rowAddress(band!, input, row), sums, count, weight, at === 0);
        }
        if (isCopy && keepsWidth) kernels.copyFloats(sums, dest, count);
        else if (!keepsWidth) kernels.resampleRow(sums, taps, most, width, channels, dest);
        if (columns.count > 0) kernels.fillBlocks(columns.pointer, columns.count, fill, dest);
      }
    },
  };
}

/** @throws DnnError `ENOSYS` for a mode or a coordinate transform that is not known. */
export const resizeImageLayer: LayerFactory = (spec, context) => {
  const { node } = spec;
  const input = onlyInput(spec);
  const how = resamplingOf(node);
  const [rows, columns] = axesOf(spec);
  if (!['nearest', 'linear', 'cubic'].includes(how.mode)) throw unsupported(node, `has mode ${how.mode}`);
  if (coordinateOf(how.coordinates, 0, rows) === undefined) {
    throw unsupported(node, `has coordinates ${how.coordinates}`);
  }
  if (input.channels !== spec.output.channels) throw nodeError(node, 'changes the number of channels');
  const [down, across] = [resampleTaps(how, rows), resampleTaps(how, columns)];
  if (how.mode !== 'nearest') return weighted(spec, context, down, across);
  const maps = {
    rows: down.map((taps) => taps?.[0]?.[0] ?? -1),
    columns: across.map((taps) => taps?.[0]?.[0] ?? -1),
    channels: identityMap(input.channels),
  };
  return gatherLayer(spec, context, maps, floatAttr(node, 'extrapolation_value', 0));
};
