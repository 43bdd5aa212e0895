/** How many tensors each op takes at least: what rules and passes rely on. */
import type { GraphNode } from '../graph.ts';
import { dataInputs, nodeError } from '../node-attrs.ts';
import { binaryOps, unaryOps } from './elementwise-rules.ts';
import { reductionOps } from './reduction-rules.ts';

const opsByCount: readonly (readonly [count: number, ops: string])[] = [
  [1, 'EdgePad WrapPad WindowPool Flatten PixelShuffle PixelUnshuffle'],
  [1, 'MaxPool AvgPool DepthToSpace SpaceToDepth Squeeze Pack Unpack Shape ShapeN Size Rank AddN'],
  [
    2,
    'Conv2D DepthwiseConv2d DepthwiseConv2dNative _FusedConv2D FusedDepthwiseConv2dNative BiasAdd BiasAddV1',
  ],
  [
    2,
    'Pad MirrorPad ResizeBilinear ResizeNearestNeighbor ResizeBicubic Reshape Transpose ExpandDims Concat ConcatV2',
  ],
  [
    2,
    'Split Tile Gather Fill BroadcastTo TopKV2 ArgMax ArgMin MatMul _FusedMatMul BatchMatMul BatchMatMulV2',
  ],
  [2, 'Prelu Reverse ReverseV2 GatherNd GatherElements Cumsum ResizeImage'],
  [3, 'ScatterElements ScatterND'],
  [
    3,
    'Conv2DBackpropInput PadV2 SpaceToBatchND BatchToSpaceND SplitV Slice GatherV2 Range Select SelectV2 ClipByValue',
  ],
  [4, 'StridedSlice OneHot'],
  [5, 'FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3'],
];

const counts: ReadonlyMap<string, number> = new Map<string, number>([
  ...[...unaryOps].map((op): [string, number] => [op, 1]),
  ...[...binaryOps, ...reductionOps].map((op): [string, number] => [op, 2]),
  ...opsByCount.flatMap(([count, ops]) => ops.split(' ').map((op): [string, number] => [op, count])),
]);

/** @throws DnnError `EINVAL` for a node with fewer tensors than its op takes. */
export function checkInputCount(node: GraphNode): void {
  const least = counts.get(node.op) ?? 0;
  const given = dataInputs(node).length;
  if (given < least) throw nodeError(node, `has ${given} inputs where this op takes ${least}`);
}
