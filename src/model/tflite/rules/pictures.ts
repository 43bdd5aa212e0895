/** Pools, changes of size, and what moves values between channels and places. */
import type { TfliteRule, TfliteTranslation } from '../tflite-translation.ts';
import { windowAttrs } from './convolutions.ts';
import { activated } from './fused-activation.ts';

/** Options: padding, stride_w, stride_h, filter_width, filter_height, activation. */
function poolAttrs(node: TfliteTranslation): { strides: number[]; padding: string; ksize: number[] } {
  const { options } = node;
  return { ...windowAttrs(node), ksize: [1, options?.int32(4) ?? 0, options?.int32(3) ?? 0, 1] };
}

function pool(op: string): TfliteRule {
  return (node) =>
    activated(node, node.add(op, [node.input(0)], { ...poolAttrs(node), data_format: 'NHWC' }), 5);
}

/** Root of the mean of squares. */
const squarePool: TfliteRule = (node) => {
  const squares = node.add('Square', [node.input(0)]);
  const mean = node.add('AvgPool', [squares], { ...poolAttrs(node), data_format: 'NHWC' });
  return activated(node, node.add('Sqrt', [mean]), 5);
};

/** @param field where the options have align_corners; half_pixel_centers stands behind it. */
function resize(op: string, field: number): TfliteRule {
  return (node) =>
    node.add(op, [node.input(0), node.input(1)], {
      align_corners: node.options?.flag(field) ?? false,
      half_pixel_centers: node.options?.flag(field + 1) ?? false,
    });
}

function shuffle(op: string): TfliteRule {
  return (node) =>
    node.add(op, [node.input(0)], { block_size: node.options?.int32(0) ?? 0, data_format: 'NHWC' });
}

const inOrder =
  (op: string): TfliteRule =>
  (node) =>
    node.add(op, node.inputs());

const responseNormalisation: TfliteRule = (node) =>
  node.add('LRN', [node.input(0)], {
    depth_radius: node.options?.int32(0) ?? 0,
    bias: { f: node.options?.float32(1) ?? 0 },
    alpha: { f: node.options?.float32(2) ?? 0 },
    beta: { f: node.options?.float32(3) ?? 0 },
  });

export const pictureRules: Readonly<Record<string, TfliteRule>> = {
  AVERAGE_POOL_2D: pool('AvgPool'),
  MAX_POOL_2D: pool('MaxPool'),
  L2_POOL_2D: squarePool,
  RESIZE_BILINEAR: resize('ResizeBilinear', 2),
  RESIZE_NEAREST_NEIGHBOR: resize('ResizeNearestNeighbor', 0),
  DEPTH_TO_SPACE: shuffle('DepthToSpace'),
  SPACE_TO_DEPTH: shuffle('SpaceToDepth'),
  SPACE_TO_BATCH_ND: inOrder('SpaceToBatchND'),
  BATCH_TO_SPACE_ND: inOrder('BatchToSpaceND'),
  LOCAL_RESPONSE_NORMALIZATION: responseNormalisation,
};
