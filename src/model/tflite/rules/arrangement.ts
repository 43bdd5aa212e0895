/** Operators that move values, cut them out, or tell of sizes; and those along axes. */
import type { TfliteRule, TfliteTranslation } from '../tflite-translation.ts';
import { activated } from './fused-activation.ts';

/** TensorFlow has the same op with the same inputs and no attribute. */
function same(op: string): TfliteRule {
  return (node) => node.add(op, node.inputs());
}

function outputsOf(node: TfliteTranslation, name: string): string[] {
  return node.operator.outputs.map((_, index) => (index === 0 ? name : `${name}:${index}`));
}

const concatenation: TfliteRule = (node) => {
  const axis = node.addInts(node.options?.int32(0) ?? 0);
  return activated(node, node.add('ConcatV2', [...node.inputs(), axis], { N: node.inputCount }), 1);
};

/** The sizes are an input; old files have them in the options. */
const reshape: TfliteRule = (node) => {
  const sizes = node.has(1) ? node.input(1) : node.addInts(node.options?.int32s(0) ?? []);
  return node.add('Reshape', [node.input(0), sizes]);
};

const squeeze: TfliteRule = (node) =>
  node.add('Squeeze', [node.input(0)], { squeeze_dims: node.options?.int32s(0) ?? [] });

const stridedSlice: TfliteRule = (node) => {
  const { options } = node;
  if (options?.flag(5) === true) throw node.unsupported('with ends that count from the begin');
  const mask = (field: number): number => options?.int32(field) ?? 0;
  return node.add('StridedSlice', node.inputs(), {
    begin_mask: mask(0),
    end_mask: mask(1),
    ellipsis_mask: mask(2),
    new_axis_mask: mask(3),
    shrink_axis_mask: mask(4),
  });
};

const split: TfliteRule = (node) =>
  outputsOf(
    node,
    node.add('Split', node.inputs(), {
      T: { type: node.typeOf(node.input(1)) },
      num_split: node.operator.outputs.length,
    }),
  );

const splitSizes: TfliteRule = (node) =>
  outputsOf(node, node.add('SplitV', node.inputs(), { num_split: node.operator.outputs.length }));

const pack: TfliteRule = (node) =>
  node.add('Pack', node.inputs(), { N: node.inputCount, axis: node.options?.int32(1) ?? 0 });

const unpack: TfliteRule = (node) =>
  outputsOf(
    node,
    node.add('Unpack', [node.input(0)], {
      num: node.operator.outputs.length,
      axis: node.options?.int32(1) ?? 0,
    }),
  );

const mirrorPad: TfliteRule = (node) =>
  node.add('MirrorPad', node.inputs(), { mode: node.options?.int8(0) === 1 ? 'SYMMETRIC' : 'REFLECT' });

const gather: TfliteRule = (node) => {
  if ((node.options?.int32(1) ?? 0) !== 0) throw node.unsupported('with batch_dims');
  return node.add('GatherV2', [...node.inputs(), node.addInts(node.options?.int32(0) ?? 0)]);
};

function reduction(op: string): TfliteRule {
  return (node) => {
    const axes = node.addInts(node.ints(1, 'axes'));
    return node.add(op, [node.input(0), axes], { keep_dims: node.options?.flag(0) ?? false });
  };
}

function extremePlace(op: string): TfliteRule {
  return (node) => node.add(op, [node.input(0), node.addInts(node.ints(1, 'axes')[0] ?? 0)]);
}

const cumulativeSum: TfliteRule = (node) =>
  node.add('Cumsum', node.inputs(), {
    exclusive: node.options?.flag(0) ?? false,
    reverse: node.options?.flag(1) ?? false,
  });

const shape: TfliteRule = (node) => node.add('Shape', [node.input(0)], { out_type: { type: 'int32' } });

export const arrangementRules: Readonly<Record<string, TfliteRule>> = {
  CONCATENATION: concatenation,
  RESHAPE: reshape,
  SQUEEZE: squeeze,
  STRIDED_SLICE: stridedSlice,
  SPLIT: split,
  SPLIT_V: splitSizes,
  PACK: pack,
  UNPACK: unpack,
  MIRROR_PAD: mirrorPad,
  GATHER: gather,
  GATHER_ND: same('GatherNd'),
  PAD: same('Pad'),
  PADV2: same('PadV2'),
  SLICE: same('Slice'),
  TRANSPOSE: same('Transpose'),
  EXPAND_DIMS: same('ExpandDims'),
  TILE: same('Tile'),
  BROADCAST_TO: same('BroadcastTo'),
  REVERSE_V2: same('ReverseV2'),
  FILL: same('Fill'),
  RANGE: same('Range'),
  RANK: same('Rank'),
  SHAPE: shape,
  MEAN: reduction('Mean'),
  SUM: reduction('Sum'),
  REDUCE_MAX: reduction('Max'),
  REDUCE_MIN: reduction('Min'),
  REDUCE_PROD: reduction('Prod'),
  REDUCE_ANY: reduction('Any'),
  REDUCE_ALL: reduction('All'),
  ARG_MAX: extremePlace('ArgMax'),
  ARG_MIN: extremePlace('ArgMin'),
  CUMSUM: cumulativeSum,
};
