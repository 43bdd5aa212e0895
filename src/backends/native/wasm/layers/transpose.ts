/** Transpose of a tensor of any rank. */
import { nodeError } from '../../../../graph/node-attrs.ts';
import type { LayerFactory } from '../layer.ts';
import { constantNumbers, inputShape, onlyInput } from './layer-input.ts';
import { noRows, rowLayer } from './row-layer.ts';
import { countOf, stridesOf } from '../tensors/tensor-strides.ts';

/**
 * One block of six words (copy-blocks.ts in wasm/assembly) for each pixel or each channel, whichever are
 * fewer.
 */
function blocksOf(width: number, channels: number, across: number, deep: number): Int32Array {
  if (deep === 1) return Int32Array.of(0, 0, channels, width, channels, across);
  if (channels === 1) return Int32Array.of(0, 0, 1, width, 1, across);
  const isWide = width > channels;
  return Int32Array.from(
    Array.from({ length: isWide ? channels : width }, (_, index) =>
      isWide
        ? [index, index * deep, 1, width, channels, across]
        : [index * channels, index * across, 1, channels, 1, deep],
    ).flat(),
  );
}

/** What of the input one row of the output needs: all that shares the leading axes which stay in place. */
export const transposeLayer: LayerFactory = (spec, context) => {
  const { output } = spec;
  const input = onlyInput(spec);
  const given = constantNumbers(spec, 1);
  const rank = given.length;
  const shape = inputShape(spec, 0).slice(-rank);
  const order = given.map((axis) => (axis < 0 ? axis + rank : axis));
  if (new Set(order).size !== rank || order.some((axis) => !(axis < shape.length))) {
    throw nodeError(spec.node, `has the permutation ${given.join(', ')}`);
  }
  const strides = stridesOf(shape);
  const moved = order.map((axis) => ({ size: shape[axis]!, stride: strides[axis]! }));
  const outer = moved.slice(0, -2);
  const none = { size: 1, stride: 0 };
  const [across, deep] = [moved.at(-2) ?? none, moved.at(-1) ?? none];
  if (across.size !== output.width || deep.size !== output.channels) {
    throw nodeError(spec.node, 'has an output of other sizes than its permuted input');
  }
  // Leading axes that stay: each of their places is a block of as many rows here as there.
  const moving = order.findIndex((axis, at) => axis !== at);
  const kept = Math.min(moving < 0 ? rank : moving, Math.max(0, rank - 2));
  const outRows = countOf(outer.slice(kept).map(({ size }) => size));
  const inRows = countOf(shape.slice(kept, -2));
  const offsets = Int32Array.from({ length: outRows }, (_, row) => {
    let [rest, offset] = [row, 0];
    for (const { size, stride } of outer.slice(kept).toReversed()) {
      offset += (rest % size) * stride;
      rest = Math.floor(rest / size);
    }
    return offset;
  });
  const words = blocksOf(output.width, output.channels, across.stride, deep.stride);
  const pointer = context.upload(words);
  const count = words.length / 6;
  return rowLayer(spec, {
    inputRows: (_, from, to) =>
      to <= from
        ? noRows
        : {
            from: Math.floor(from / outRows) * inRows,
            to: Math.min(input.height, Math.ceil(to / outRows) * inRows),
          },
    row(y, dest, address) {
      const source = address(0, Math.floor(y / outRows) * inRows) + 4 * offsets[y % outRows]!;
      context.kernels.copyBlocks(pointer, count, source, dest);
    },
  });
};
