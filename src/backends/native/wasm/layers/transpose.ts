/** Transpose within the image: any order of height, width and channels. */
import { nodeError } from '../../../../graph/node-attrs.ts';
import type { LayerFactory } from '../layer.ts';
import { uploadRuns, type Run } from './copy-runs.ts';
import { constantNumbers, onlyInput } from './layer-input.ts';
import { noRows, rowLayer, sameRows } from './row-layer.ts';
import { unsupported } from './unsupported.ts';

/** Where height is moved, one row of the output needs all rows of the input. */
export const transposeLayer: LayerFactory = (spec, context) => {
  const input = onlyInput(spec);
  const given = constantNumbers(spec, 1);
  const rank = given.length;
  if (rank < 1 || rank > 4) throw unsupported(spec.node, `permutes ${rank} axes`);
  const order = given.map((axis) => (axis < 0 ? axis + rank : axis) + 4 - rank);
  while (order.length < 4) order.unshift(3 - order.length);
  if (new Set(order).size !== 4) throw nodeError(spec.node, `has the permutation ${given.join(', ')}`);
  if (order[4 - rank] !== 4 - rank) throw unsupported(spec.node, 'moves the batch');
  const axes = order.slice(1);
  const strides = [input.width * input.channels, input.channels, 1];
  const [down, across, deep] = axes.map((axis) => strides[axis - 1]!) as [number, number, number];
  const { width, channels } = spec.output;
  function* runs(): Generator<Run> {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) {
        yield { dest: x * channels + c, source: x * across + c * deep, length: 1 };
      }
    }
  }
  const { pointer, count } = uploadRuns(context, runs());
  const rowsStay = axes[0] === 1;
  return rowLayer(spec, {
    inputRows: rowsStay
      ? sameRows
      : (_, from, to): { from: number; to: number } => (to <= from ? noRows : { from: 0, to: input.height }),
    row(y, dest, address) {
      const source = rowsStay ? address(0, y) : address(0, 0) + 4 * y * down;
      context.kernels.copyBlocks(pointer, count, source, dest);
    },
  });
};
