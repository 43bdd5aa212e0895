/** The ops that tfjs-converter can execute and the kernels that each of them needs. */
import * as arithmetic from '@tensorflow/tfjs-converter/dist/operations/op_list/arithmetic.js';
import * as basicMath from '@tensorflow/tfjs-converter/dist/operations/op_list/basic_math.js';
import * as control from '@tensorflow/tfjs-converter/dist/operations/op_list/control.js';
import * as convolution from '@tensorflow/tfjs-converter/dist/operations/op_list/convolution.js';
import * as creation from '@tensorflow/tfjs-converter/dist/operations/op_list/creation.js';
import * as dynamic from '@tensorflow/tfjs-converter/dist/operations/op_list/dynamic.js';
import * as evaluation from '@tensorflow/tfjs-converter/dist/operations/op_list/evaluation.js';
import * as graph from '@tensorflow/tfjs-converter/dist/operations/op_list/graph.js';
import * as image from '@tensorflow/tfjs-converter/dist/operations/op_list/image.js';
import * as logical from '@tensorflow/tfjs-converter/dist/operations/op_list/logical.js';
import * as matrices from '@tensorflow/tfjs-converter/dist/operations/op_list/matrices.js';
import * as normalization from '@tensorflow/tfjs-converter/dist/operations/op_list/normalization.js';
import * as reduction from '@tensorflow/tfjs-converter/dist/operations/op_list/reduction.js';
import * as sliceJoin from '@tensorflow/tfjs-converter/dist/operations/op_list/slice_join.js';
import * as sparse from '@tensorflow/tfjs-converter/dist/operations/op_list/sparse.js';
import * as spectral from '@tensorflow/tfjs-converter/dist/operations/op_list/spectral.js';
import * as transformation from '@tensorflow/tfjs-converter/dist/operations/op_list/transformation.js';
import { addedOps } from './converter-additions.ts';

/**
 * The converter's own op lists. Left out: `string` and `hash_table`, whose tensors are strings, which no
 * float network has and which this backend does not load.
 */
const opLists = [
  arithmetic,
  basicMath,
  control,
  convolution,
  creation,
  dynamic,
  evaluation,
  graph,
  image,
  logical,
  matrices,
  normalization,
  reduction,
  sliceJoin,
  sparse,
  spectral,
  transformation,
];

const categories: ReadonlyMap<string, string> = new Map(
  opLists.flatMap(({ json }) => json.map(({ tfOpName, category }) => [tfOpName, category ?? ''] as const)),
);

/**
 * Kernels of the ops whose kernel is not named as the op, read off tfjs-converter's executors and
 * the tfjs-core ops that those call (converter-ops.test.ts derives the same from their sources).
 * An empty list: plain JavaScript.
 */
const kernelsByOp: Readonly<Record<string, readonly string[]>> = {
  Add: ['Add'],
  AddV2: ['Add'],
  BiasAdd: ['Add'],
  BatchMatMulV2: ['BatchMatMul'],
  BroadcastTo: ['Tile'],
  ComplexAbs: ['ComplexAbs'],
  ConcatV2: ['Concat'],
  Conv1D: ['Conv2D', 'Reshape'],
  Conv2dTranspose: ['Conv2DBackpropInput'],
  DepthwiseConv2d: ['DepthwiseConv2dNative'],
  Div: ['RealDiv'],
  DivNoNan: ['RealDiv', 'ZerosLike', 'Equal', 'Select'],
  EnsureShape: [],
  EuclideanNorm: ['Abs', 'Max', 'Min', 'Pow', 'Sqrt', 'Square', 'Sum'],
  FFmpegMaximum: ['Greater', 'Select', 'Tile'],
  FFmpegMinimum: ['Greater', 'Select', 'Tile'],
  FakeQuantWithMinMaxVars: ['Identity'],
  FloorMod: ['Mod'],
  FusedBatchNormV2: ['FusedBatchNorm'],
  FusedBatchNormV3: ['FusedBatchNorm'],
  FusedDepthwiseConv2dNative: ['FusedDepthwiseConv2D'],
  Gather: ['GatherV2', 'Cast'],
  GatherV2: ['GatherV2', 'Cast'],
  IdentityN: ['Identity'],
  ImageProjectiveTransformV3: ['Transform'],
  IRFFT: ['IFFT', 'Complex', 'Real', 'Imag', 'Concat', 'Slice', 'Reverse', 'Multiply', 'Reshape'],
  ListDiff: [],
  LogSoftmax: ['Cast', 'Exp', 'Log', 'Max', 'Sub', 'Sum'],
  LowerBound: ['SearchSorted'],
  MatMul: ['BatchMatMul'],
  MatrixBandPart: ['LessEqual', 'LogicalAnd', 'Select', 'Sub', 'Range', 'Reshape', 'Pack', 'Unpack'],
  Mul: ['Multiply'],
  NonMaxSuppressionV2: [],
  NonMaxSuppressionV3: [],
  NonMaxSuppressionV4: [],
  NonMaxSuppressionV5: [],
  Pack: ['Pack', 'Reshape'],
  Pad: ['PadV2'],
  Print: [],
  RFFT: ['FFT', 'Complex', 'Real', 'Imag', 'Concat', 'Slice', 'Reshape', 'SplitV'],
  ReverseV2: ['Reverse'],
  SelectV2: ['Select'],
  Snapshot: ['Identity'],
  SparseToDense: ['SparseToDense', 'Cast'],
  Split: ['SplitV'],
  Squeeze: ['Reshape'],
  StopGradient: ['Identity'],
  TopKV2: ['TopK'],
  UniqueV2: ['Unique'],
  UpperBound: ['SearchSorted'],
  Where: ['Cast'],
  _FusedConv2D: ['FusedConv2D'],
};

/** Ops that the converter or tfjs-core answers in plain JavaScript, without a kernel. */
const kernelFreeOps = new Set([
  'Const',
  'NoOp',
  'Ones',
  'Placeholder',
  'PlaceholderWithDefault',
  'RandomStandardNormal',
  'RandomUniform',
  'RandomUniformInt',
  'Rank',
  'Shape',
  'ShapeN',
  'Size',
  'TruncatedNormal',
  'Zeros',
]);

/** Whether an executor exists for this op: the converter's, or one of converter-additions.ts. */
export function converterKnows(op: string): boolean {
  return categories.has(op) || addedOps.has(op);
}

/** The ops that there is an executor for. */
export function convertibleOps(): readonly string[] {
  return [...categories.keys()];
}

/** The kernels that executing this op calls. Control flow calls none that matter: it moves tensors. */
export function kernelsOfOp(op: string): readonly string[] {
  if (kernelFreeOps.has(op) || categories.get(op) === 'control') return [];
  return kernelsByOp[op] ?? [op];
}

/** Ops that tfjs runs only by `executeAsync`: their output's shape or existence is known at run time. */
export function needsAsyncExecution(op: string): boolean {
  const category = categories.get(op);
  return category === 'control' || category === 'dynamic';
}
