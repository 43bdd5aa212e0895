/** This device's table from op to layer; the role of ff_layer_funcs in dnn_backend_native_layers.c. */
import type { LayerFactory } from './layer.ts';
import { addNLayer, binaryCodes, binaryLayer, selectLayer } from './layers/binary.ts';
import {
  batchNormLayer,
  concatenatedReluLayer,
  localResponseLayer,
  softmaxLayer,
} from './layers/channel-layers.ts';
import { concatLayer } from './layers/concat.ts';
import { conv2dLayer } from './layers/conv2d.ts';
import { conv2dTransposeLayer } from './layers/conv2d-transpose.ts';
import { depthwiseLayer } from './layers/depthwise.ts';
import {
  depthToSpaceLayer,
  pixelShuffleLayer,
  pixelUnshuffleLayer,
  spaceToDepthLayer,
} from './layers/depth-to-space.ts';
import { mappedLayer } from './tensors/mapped.ts';
import { matMulLayer } from './layers/mat-mul.ts';
import { poolLayer } from './layers/pool.ts';
import { reduceLayer } from './layers/reduce.ts';
import { reshapeLayer } from './layers/reshape.ts';
import { resizeImageLayer } from './layers/resize-image.ts';
import { resizeBilinearLayer, resizeNearestLayer } from './layers/resize.ts';
import { transposeLayer } from './layers/transpose.ts';
import { unaryCodes, unaryLayer } from './layers/unary.ts';
import { windowPoolLayer } from './layers/window-pool.ts';
import { cumsumLayer, extremeIndexLayer } from './tensors/along-axis.ts';
import { gatherElementsLayer, gatherNdLayer, gatherV2Layer, scatterLayer } from './tensors/indexed.ts';

function each(ops: readonly string[], factory: LayerFactory): [string, LayerFactory][] {
  return ops.map((op) => [op, factory]);
}

/** By TensorFlow's op names and this project's own, which docs/internals.md lists. */
export const layerTable: ReadonlyMap<string, LayerFactory> = new Map([
  ...each(['Conv2D'], conv2dLayer),
  ...each(['DepthwiseConv2dNative', 'DepthwiseConv2d'], depthwiseLayer),
  ...each(['Conv2DBackpropInput'], conv2dTransposeLayer),
  ...each(['Pad', 'PadV2', 'MirrorPad', 'EdgePad', 'WrapPad'], mappedLayer),
  ...each(['Slice', 'StridedSlice', 'Tile', 'BroadcastTo', 'ReverseV2'], mappedLayer),
  ...each(['Concat', 'ConcatV2'], concatLayer),
  ...each(['DepthToSpace'], depthToSpaceLayer),
  ...each(['SpaceToDepth'], spaceToDepthLayer),
  ...each(['PixelShuffle'], pixelShuffleLayer),
  ...each(['PixelUnshuffle'], pixelUnshuffleLayer),
  ...each(['WindowPool'], windowPoolLayer),
  ...each(['ResizeImage'], resizeImageLayer),
  ...each(['LRN'], localResponseLayer),
  ...each(['Gather', 'GatherV2'], gatherV2Layer),
  ...each(['GatherNd'], gatherNdLayer),
  ...each(['GatherElements'], gatherElementsLayer),
  ...each(['ScatterElements', 'ScatterND'], scatterLayer),
  ...each(['Cumsum'], cumsumLayer),
  ...each(['ArgMax', 'ArgMin'], extremeIndexLayer),
  ...each(['ResizeBilinear'], resizeBilinearLayer),
  ...each(['ResizeNearestNeighbor'], resizeNearestLayer),
  ...each(['MaxPool', 'AvgPool'], poolLayer),
  ...each(['Mean', 'Sum', 'Max', 'Min', 'Prod', 'All', 'Any'], reduceLayer),
  ...each([...Object.keys(unaryCodes), 'Cast', 'ClipByValue'], unaryLayer),
  ...each(Object.keys(binaryCodes), binaryLayer),
  ...each(['AddN'], addNLayer),
  ...each(['Select', 'SelectV2'], selectLayer),
  ...each(['MatMul', '_FusedMatMul', 'BatchMatMul', 'BatchMatMulV2'], matMulLayer),
  ...each(['Softmax', 'LogSoftmax'], softmaxLayer),
  ...each(['FusedBatchNorm', 'FusedBatchNormV2', 'FusedBatchNormV3'], batchNormLayer),
  ...each(['CRelu'], concatenatedReluLayer),
  ...each(['Reshape', 'Squeeze', 'ExpandDims', 'Flatten'], reshapeLayer),
  ...each(['Identity', 'StopGradient', 'PreventGradient', 'Snapshot', 'CheckNumerics'], reshapeLayer),
  ...each(['Transpose'], transposeLayer),
]);

/** The ops that this device has layers for. */
export const wasmOps: ReadonlySet<string> = new Set(layerTable.keys());
