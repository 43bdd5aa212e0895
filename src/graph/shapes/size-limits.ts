/** How large a tensor can be: sizes beyond occur only in damaged and malicious files, and are refused. */
import { DnnError } from '../../base/errors.ts';
import type { GraphNode, Shape } from '../graph.ts';
import { nodeError } from '../node-attrs.ts';
import { elementCount, formatShape } from '../tensor-storage.ts';

/** Values of one tensor: 64 GiB of floats, which only a network that runs in strips passes through. */
const mostValues = 2 ** 34;

/** Values of a tensor that an op makes as a whole: as many floats as WebAssembly has addresses for. */
const mostMadeValues = 2 ** 30;

/** Rows, columns or channels: more than any picture of FFmpeg has (av_image_check_size2, imgutils.c). */
const longestSide = 2 ** 21;

/** As TensorShape::MaxDimensions (tensorflow/core/framework/tensor_shape.h). */
const highestRank = 254;

/** Ops that make a tensor of a size that the model names. */
const makingOps = new Set('Fill Range LinSpace OneHot BroadcastTo'.split(' '));

/** Ops that enlarge a picture to, or by, a size that the model names. */
const enlargingOps = new Set(
  (
    'BatchToSpaceND Conv2DBackpropInput DepthToSpace EdgePad MirrorPad Pad PadV2 ResizeBicubic ResizeBilinear ' +
    'ResizeNearestNeighbor SpaceToBatchND Tile'
  ).split(' '),
);

/**
 * Refuses a tensor that no run could hold, before anything is made of its size. Of what is unknown the least
 * counts.
 *
 * @throws DnnError `ENOMEM` naming the node and the size; `EINVAL` for a rank that TensorFlow does not have.
 */
export function checkSize(node: GraphNode, shape: Shape): void {
  if (shape === null) return;
  if (shape.length > highestRank) throw nodeError(node, `makes a tensor of rank ${shape.length}`);
  const least = shape.map((size) => (size < 0 ? 1 : size));
  const values = elementCount(least);
  const limit = makingOps.has(node.op) ? mostMadeValues : mostValues;
  const side = enlargingOps.has(node.op) ? Math.max(0, ...least.slice(1)) : 0;
  if (!(values > limit || side > longestSide)) return;
  const why =
    values > limit
      ? `${values > Number.MAX_SAFE_INTEGER ? values.toExponential(2) : values} values, more than ${limit}`
      : `a side of ${side}, more than ${longestSide}`;
  throw new DnnError(
    'ENOMEM',
    `model graph: node '${node.name}' (${node.op}) makes a tensor ${formatShape(shape)} with ${why}: ` +
      'the model is damaged, or made for other sizes',
    { layer: node.name, op: node.op, shape: formatShape(shape) },
  );
}
