/** Shape rules of padding, resizing and moving pixels between space, depth and batch. */
import type { Shape } from '../graph.ts';
import { intAttr, intsAttr, stringAttr } from '../node-attrs.ts';
import { isChannelsFirst } from './convolution-rules.ts';
import type { RuleContext, ShapeRule } from './rule-context.ts';
import { dimension, sizesOf } from './rule-context.ts';

const pad: ShapeRule = (context) => {
  const shape = context.shape(0);
  const paddings = context.ints(1);
  if (shape === null) return [null];
  if (paddings === undefined) return [shape.map(() => -1)];
  if (paddings.length !== 2 * shape.length) {
    throw context.error(`has ${paddings.length} paddings for an input of rank ${shape.length}`);
  }
  const mirror = context.node.op === 'MirrorPad' ? stringAttr(context.node, 'mode', 'REFLECT') : '';
  return [
    shape.map((size, axis) => {
      const [before, after] = [paddings[2 * axis]!, paddings[2 * axis + 1]!];
      if (before < 0 || after < 0) throw context.error(`has the negative padding ${Math.min(before, after)}`);
      const most = mirror === 'REFLECT' ? size - 1 : size;
      if (mirror !== '' && size >= 0 && Math.max(before, after) > most) {
        throw context.error(
          `mirrors ${Math.max(before, after)} values of an input that has only ${size}: the frame is too small`,
        );
      }
      return dimension((length, one, other) => length + one + other, size, before, after);
    }),
  ];
};

/**
 * This project's own paddings, EdgePad with the value at the edge and WrapPad with those of the other side:
 * any amount, of any input that is not empty.
 */
const ownPad: ShapeRule = (context) => {
  const paddings = intsAttr(context.node, 'paddings');
  const rank = paddings.length / 2;
  if (!Number.isInteger(rank) || paddings.some((amount) => amount < 0)) {
    throw context.error(`has the paddings [${paddings.join(', ')}] where pairs of numbers from 0 on belong`);
  }
  const shape = context.ranked(0, rank);
  if (shape === null) return [Array.from({ length: rank }, () => -1)];
  return [
    shape.map((size, axis) =>
      dimension((length) => length + paddings[2 * axis]! + paddings[2 * axis + 1]!, size),
    ),
  ];
};

/** depth_to_space and back: `factor` > 0 enlarges. */
function moveDepth(context: RuleContext, enlarge: boolean): Shape[] {
  const shape = context.ranked(0, 4);
  const block = intAttr(context.node, 'block_size', 0);
  if (block < 1) throw context.error(`has block size ${block}`);
  if (shape === null) return [[-1, -1, -1, -1]];
  const divide = (size: number, by: number, what: string): number => {
    if (size >= 0 && size % by !== 0) throw context.error(`cannot divide ${size} ${what} by ${by}`);
    return dimension((length) => length / by, size);
  };
  const [n, h, w, c] = isChannelsFirst(context)
    ? [shape[0]!, shape[2]!, shape[3]!, shape[1]!]
    : [shape[0]!, shape[1]!, shape[2]!, shape[3]!];
  const height = enlarge ? dimension((length) => length * block, h) : divide(h, block, 'rows');
  const width = enlarge ? dimension((length) => length * block, w) : divide(w, block, 'columns');
  const channels = enlarge
    ? divide(c, block * block, 'channels')
    : dimension((depth) => depth * block * block, c);
  return [isChannelsFirst(context) ? [n, channels, height, width] : [n, height, width, channels]];
}

interface Blocks {
  readonly sizes: readonly number[];
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** Inputs 1 and 2 of SpaceToBatchND and BatchToSpaceND. */
function blocksOf(context: RuleContext): Blocks | undefined {
  const sizes = context.ints(1);
  if (sizes === undefined) return undefined;
  const edges = context.ints(2) ?? sizes.flatMap(() => [NaN, NaN]);
  if (edges.length !== 2 * sizes.length) {
    throw context.error(`has ${edges.length} paddings for ${sizes.length} block sizes`);
  }
  const wrong = sizes.find((size) => size < 1);
  if (wrong !== undefined) throw context.error(`has block size ${wrong}`);
  return {
    sizes,
    before: edges.filter((_, index) => index % 2 === 0),
    after: edges.filter((_, index) => index % 2 === 1),
  };
}

const spaceToBatch: ShapeRule = (context) => {
  const shape = context.shape(0);
  const blocks = blocksOf(context);
  if (shape === null || blocks === undefined) return [shape === null ? null : shape.map(() => -1)];
  const product = blocks.sizes.reduce((all, size) => all * size, 1);
  return [
    shape.map((size, axis) => {
      if (axis === 0) return dimension((n, factor) => n * factor, size, product);
      const block = blocks.sizes[axis - 1];
      if (block === undefined) return size;
      const padded = dimension(
        (length, one, other) => length + one + other,
        size,
        blocks.before[axis - 1]!,
        blocks.after[axis - 1]!,
      );
      if (padded >= 0 && padded % block !== 0)
        throw context.error(`cannot divide ${padded} values by ${block}`);
      return dimension((length, by) => length / by, padded, block);
    }),
  ];
};

const batchToSpace: ShapeRule = (context) => {
  const shape = context.shape(0);
  const blocks = blocksOf(context);
  if (shape === null || blocks === undefined) return [shape === null ? null : shape.map(() => -1)];
  const product = blocks.sizes.reduce((all, size) => all * size, 1);
  return [
    shape.map((size, axis) => {
      if (axis === 0) {
        if (size >= 0 && size % product !== 0)
          throw context.error(`cannot divide batch ${size} by ${product}`);
        return dimension((n, factor) => n / factor, size, product);
      }
      const block = blocks.sizes[axis - 1];
      if (block === undefined) return size;
      const [before, after] = [blocks.before[axis - 1]!, blocks.after[axis - 1]!];
      if (size >= 0 && size * block - before - after < 0) {
        throw context.error(`crops ${before + after} of ${size * block} values`);
      }
      return dimension((length, by, one, other) => length * by - one - other, size, block, before, after);
    }),
  ];
};

const resize: ShapeRule = (context) => {
  const shape = context.ranked(0, 4);
  const size = sizesOf(context.ints(1) ?? [NaN, NaN]);
  if (size.length !== 2) throw context.error(`takes a size of 2 numbers, not ${size.length}`);
  const [height, width] = size as [number, number];
  if (isChannelsFirst(context)) return [[shape?.[0] ?? -1, shape?.[1] ?? -1, height, width]];
  return [[shape?.[0] ?? -1, height, width, shape?.[3] ?? -1]];
};

export const spatialRules: Readonly<Record<string, ShapeRule>> = {
  Pad: pad,
  PadV2: pad,
  MirrorPad: pad,
  EdgePad: ownPad,
  WrapPad: ownPad,
  DepthToSpace: (context) => moveDepth(context, true),
  SpaceToDepth: (context) => moveDepth(context, false),
  PixelShuffle: (context) => moveDepth(context, true),
  PixelUnshuffle: (context) => moveDepth(context, false),
  SpaceToBatchND: spaceToBatch,
  BatchToSpaceND: batchToSpace,
  ResizeBilinear: resize,
  ResizeNearestNeighbor: resize,
  ResizeBicubic: resize,
  ResizeImage: resize,
};
