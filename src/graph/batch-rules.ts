/**
 * For every op: whether each image of a batch is treated on its own, so that N
 * images in one run give N results.
 */
import type { GraphNode } from './graph.ts';
import type { InferredShapes } from './infer-shapes.ts';
import { boolAttr, dataInputs, intAttr, intsAttr } from './node-attrs.ts';
import { binaryOps, unaryOps } from './shapes/elementwise-rules.ts';
import { reductionOps } from './shapes/reduction-rules.ts';
import { sameValue } from './values/known-value.ts';

/**
 * What a tensor has to do with the batch: `fixed` does not depend on it; `sizes` is computed from sizes of
 * the batch only; `rows` holds the images one after the other along the first axis, each in as many rows;
 * `blocks:…` is the order that SpaceToBatchND gives, to be undone by BatchToSpaceND of the same block.
 */
export type BatchState = 'fixed' | 'sizes' | 'rows' | `blocks:${string}`;

/** One node, looked at with two batch sizes that have no common factor. */
export interface BatchContext {
  readonly node: GraphNode;
  readonly inputs: readonly string[];
  readonly states: readonly BatchState[];
  readonly two: InferredShapes;
  readonly three: InferredShapes;
}

/** The state of the node's outputs; undefined where the op mixes images, or may. */
type BatchRule = (context: BatchContext) => BatchState | undefined;

function rank(context: BatchContext, index: number): number {
  return context.two.shapeOf(context.inputs[index] ?? '')?.length ?? -1;
}

function isRows(state: BatchState | undefined): boolean {
  return state !== undefined && state !== 'fixed' && state !== 'sizes';
}

/** True where an input has the same value whatever the batch. */
function isConstant(context: BatchContext, index: number): boolean {
  if (context.states[index] === 'fixed') return true;
  const input = context.inputs[index]!;
  return (
    context.states[index] === 'sizes' && sameValue(context.two.valueOf(input), context.three.valueOf(input))
  );
}

/** The elements of an input that is known and the same for both batches. */
function constant(context: BatchContext, index: number): number[] | undefined {
  const input = context.inputs[index];
  const value = input === undefined ? undefined : context.two.valueOf(input);
  if (value === undefined || !sameValue(value, context.three.valueOf(input!))) return undefined;
  return Array.from(value.data);
}

/** First dimension per image; undefined where it is not a multiple of the batch. */
export function rowsPerImage(
  reference: string,
  two: InferredShapes,
  three: InferredShapes,
): number | undefined {
  const [a, b] = [two.shapeOf(reference)?.[0] ?? -1, three.shapeOf(reference)?.[0] ?? -1];
  return a > 0 && a % 2 === 0 && a / 2 === b / 3 ? a / 2 : undefined;
}

/** One input carries the images, all others are the same for every batch. */
function carriedBy(index: number, accept: (context: BatchContext) => boolean = () => true): BatchRule {
  return (context) => {
    const others = context.inputs.every((_, other) => other === index || isConstant(context, other));
    const state = context.states[index];
    return isRows(state) && others && accept(context) ? state : undefined;
  };
}

/** All operands carry images in the same order and of the same rank, or broadcast over them. */
const elementwise: BatchRule = (context) => {
  const state = context.states.find(isRows);
  const carrier = context.states.findIndex(isRows);
  const carried = rank(context, carrier);
  const first = (index: number): number => context.two.shapeOf(context.inputs[index]!)?.[0] ?? -1;
  const fits = context.inputs.every((_, index) => {
    if (isRows(context.states[index])) {
      return (
        context.states[index] === state && rank(context, index) === carried && first(index) === first(carrier)
      );
    }
    const own = rank(context, index);
    return (
      isConstant(context, index) && own >= 0 && (own < carried || (own === carried && first(index) === 1))
    );
  });
  return fits && carried > 0 ? state : undefined;
};

/** Operands from `from` on (the last `drop` left out) all carry images; none is joined along the batch. */
function joined(
  from: number,
  drop: number,
  axisOf: (context: BatchContext) => number | undefined,
): BatchRule {
  return (context) => {
    const to = context.inputs.length - drop;
    const states = context.states.slice(from, to);
    const length = rank(context, from) + (context.node.op === 'Pack' ? 1 : 0);
    const axis = axisOf(context);
    if (axis === undefined || length < 1 || (axis < 0 ? axis + length : axis) === 0) return undefined;
    return isRows(states[0]) && states.every((state) => state === states[0]) ? states[0] : undefined;
  };
}

/** An axis (or a list of them) that leaves the batch alone. */
function sparesBatch(axes: readonly number[] | undefined, length: number): boolean {
  return axes !== undefined && length > 0 && axes.every((axis) => (axis < 0 ? axis + length : axis) !== 0);
}

const reshape: BatchRule = (context) =>
  context.states[0] === 'rows' && rowsPerImage(context.node.name, context.two, context.three) !== undefined
    ? 'rows'
    : undefined;

/** Slices that take all rows: the output has as many as the input, for both batches. */
const sliced: BatchRule = (context) => {
  const state = context.states[0];
  const whole = [context.two, context.three].every(
    (inferred) => inferred.shapeOf(context.node.name)?.[0] === inferred.shapeOf(context.inputs[0]!)?.[0],
  );
  const spared = [context.two, context.three].every(
    (inferred) => (inferred.shapeOf(context.node.name)?.[0] ?? -1) > 0,
  );
  const constants = context.inputs.every((_, index) => index === 0 || sameTail(context, index));
  const shrinks =
    (intAttr(context.node, 'shrink_axis_mask', 0) & 1) + (intAttr(context.node, 'new_axis_mask', 0) & 1);
  const strides = context.node.op === 'StridedSlice' ? context.two.valueOf(context.inputs[3]!)?.data[0] : 1;
  const forwards = strides === 1 || (intAttr(context.node, 'ellipsis_mask', 0) & 1) === 1;
  return isRows(state) && whole && spared && constants && shrinks === 0 && forwards ? state : undefined;
};

/** True where begin, end or size differ between the batches in the batch's own entry at most. */
function sameTail(context: BatchContext, index: number): boolean {
  if (isConstant(context, index)) return true;
  const [one, other] = [context.two, context.three].map((inferred) =>
    inferred.valueOf(context.inputs[index]!),
  );
  if (one === undefined || other?.data.length !== one.data.length) return false;
  return Array.from(one.data).every((element, at) => at === 0 || element === other.data[at]);
}

const spaceToBatch: BatchRule = (context) => {
  const block = constant(context, 1);
  return context.states[0] === 'rows' && block !== undefined && isConstant(context, 2)
    ? `blocks:${block.join(',')}`
    : undefined;
};

const batchToSpace: BatchRule = (context) => {
  const block = constant(context, 1);
  return context.states[0] === `blocks:${block?.join(',') ?? ''}` && isConstant(context, 2)
    ? 'rows'
    : undefined;
};

const matrixProduct: BatchRule = (context) => {
  const [one, other] = context.states;
  if (isRows(one) && isRows(other)) {
    return one === other && rank(context, 0) >= 3 && rank(context, 0) === rank(context, 1) ? one : undefined;
  }
  const transposed = boolAttr(context.node, 'transpose_a', false);
  const mixes = rank(context, 0) < 3 ? transposed : rank(context, 1) >= rank(context, 0);
  return carriedBy(0, () => !mixes)(context);
};

/** A tensor made from sizes alone: it carries the images where its first dimension follows the batch. */
const filled: BatchRule = (context) => {
  if (!isConstant(context, 1)) return undefined;
  return rowsPerImage(context.node.name, context.two, context.three) === undefined ? undefined : 'rows';
};

const ownPad = carriedBy(0, ({ node }) => {
  const paddings = intsAttr(node, 'paddings');
  return paddings[0] === 0 && paddings[1] === 0;
});

/** A table looked up for each image, along its first axis, or the same values of each image. */
const gathered: BatchRule = (context) => {
  if (intAttr(context.node, 'batch_dims', 0) !== 0) return undefined;
  const axes = context.node.op === 'Gather' ? [0] : constant(context, 2);
  const fixedAxis = context.inputs.length < 3 || isConstant(context, 2);
  if (isRows(context.states[1])) {
    return isConstant(context, 0) && fixedAxis && axes?.[0] === 0 ? context.states[1] : undefined;
  }
  return carriedBy(0, () => sparesBatch(axes, rank(context, 0)))(context);
};

/**
 * Values and indices of each image stand in the same place of both; constants take part in no axis of
 * images.
 */
const elementsOfRows: BatchRule = (context) => {
  const axis = intAttr(context.node, 'axis', 0);
  const state = context.states[0];
  const all = context.states.every((other) => other === state);
  return isRows(state) && all && sparesBatch([axis], rank(context, 0)) ? state : undefined;
};

const perImage = carriedBy(0);
const noTraining = carriedBy(0, ({ node }) => !boolAttr(node, 'is_training', true));

const rules: ReadonlyMap<string, BatchRule> = new Map<string, BatchRule>([
  ...[...unaryOps].map((op): [string, BatchRule] => [op, perImage]),
  ...[...binaryOps, 'AddN', 'Select', 'SelectV2', 'ClipByValue', 'Prelu'].map((op): [string, BatchRule] => [
    op,
    elementwise,
  ]),
  ...[
    'Conv2D',
    '_FusedConv2D',
    'DepthwiseConv2d',
    'DepthwiseConv2dNative',
    'FusedDepthwiseConv2dNative',
    'BiasAdd',
    'MaxPool',
    'AvgPool',
    'DepthToSpace',
    'SpaceToDepth',
    'ResizeBilinear',
    'ResizeNearestNeighbor',
    'ResizeBicubic',
    'ResizeImage',
    'WindowPool',
    'PixelShuffle',
    'PixelUnshuffle',
    'Flatten',
  ].map((op): [string, BatchRule] => [op, perImage]),
  ...['FusedBatchNorm', 'FusedBatchNormV2', 'FusedBatchNormV3'].map((op): [string, BatchRule] => [
    op,
    noTraining,
  ]),
  ...['Softmax', 'LogSoftmax', 'TopKV2'].map((op): [string, BatchRule] => [
    op,
    carriedBy(0, (c) => rank(c, 0) >= 2),
  ]),
  ...[...reductionOps, 'ArgMax', 'ArgMin', 'Cumsum', 'Reverse', 'ReverseV2'].map(
    (op): [string, BatchRule] => [
      op,
      carriedBy(0, (context) => sparesBatch(constant(context, 1), rank(context, 0))),
    ],
  ),
  ...['Pad', 'PadV2', 'MirrorPad'].map((op): [string, BatchRule] => [
    op,
    carriedBy(
      0,
      (context) =>
        constant(context, 1)
          ?.slice(0, 2)
          .every((padding) => padding === 0) ?? false,
    ),
  ]),
  [
    'Conv2DBackpropInput',
    (context) =>
      isConstant(context, 1) && sameTail(context, 0) && isRows(context.states[2])
        ? context.states[2]
        : undefined,
  ],
  ['EdgePad', ownPad],
  ['WrapPad', ownPad],
  ['Reshape', reshape],
  ['Transpose', carriedBy(0, (context) => constant(context, 1)?.[0] === 0)],
  ['Tile', carriedBy(0, (context) => constant(context, 1)?.[0] === 1)],
  ['ExpandDims', carriedBy(0, (context) => sparesBatch(constant(context, 1), rank(context, 0) + 1))],
  [
    'Squeeze',
    carriedBy(0, (context) => {
      const axes = intsAttr(context.node, 'squeeze_dims');
      return axes.length > 0 && sparesBatch(axes, rank(context, 0));
    }),
  ],
  ['ConcatV2', joined(0, 1, (context) => constant(context, context.inputs.length - 1)?.[0])],
  ['Concat', joined(1, 0, (context) => constant(context, 0)?.[0])],
  ['Pack', joined(0, 0, ({ node }) => intAttr(node, 'axis', 0))],
  ['Unpack', carriedBy(0, (context) => sparesBatch([intAttr(context.node, 'axis', 0)], rank(context, 0)))],
  ['Split', carriedBy(1, (context) => sparesBatch(constant(context, 0), rank(context, 1)))],
  ['SplitV', carriedBy(0, (context) => sparesBatch(constant(context, 2), rank(context, 0)))],
  ['Gather', gathered],
  ['GatherV2', gathered],
  ['GatherElements', elementsOfRows],
  ['ScatterElements', elementsOfRows],
  [
    'GatherNd',
    ({ node, states }) =>
      isRows(states[0]) && states[0] === states[1] && intAttr(node, 'batch_dims', 0) > 0
        ? states[0]
        : undefined,
  ],
  ['Slice', sliced],
  ['StridedSlice', sliced],
  ['SpaceToBatchND', spaceToBatch],
  ['BatchToSpaceND', batchToSpace],
  ['MatMul', matrixProduct],
  ['_FusedMatMul', matrixProduct],
  ['BatchMatMul', matrixProduct],
  ['BatchMatMulV2', matrixProduct],
]);

const sizeOps = new Set(['Shape', 'ShapeN', 'Size', 'Rank']);

/** The state of a node's outputs; undefined where the node mixes the images of a batch, or may. */
export function batchState(
  node: GraphNode,
  stateOf: (reference: string) => BatchState,
  two: InferredShapes,
  three: InferredShapes,
): BatchState | undefined {
  const inputs = dataInputs(node);
  const context: BatchContext = { node, inputs, states: inputs.map(stateOf), two, three };
  if (context.states.some(isRows)) return sizeOps.has(node.op) ? 'sizes' : rules.get(node.op)?.(context);
  if (!context.states.includes('sizes')) return 'fixed';
  if (node.op === 'Fill' || node.op === 'BroadcastTo') return filled(context) ?? constantOrSizes(context);
  return constantOrSizes(context);
}

/** Something computed from sizes alone: allowed where its value is followed by inference. */
function constantOrSizes({ node, two, three }: BatchContext): BatchState | undefined {
  const [one, other] = [two.valueOf(node.name), three.valueOf(node.name)];
  if (one === undefined || other === undefined) return undefined;
  return sameValue(one, other) ? 'fixed' : 'sizes';
}
