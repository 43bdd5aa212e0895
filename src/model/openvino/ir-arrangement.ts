/** Layers of OpenVINO's opset that rearrange, join and cut tensors. */
import { isFullyKnown } from '../../graph/tensor-storage.ts';
import { intType } from '../../graph/node-builder.ts';
import type { IrRule, IrTranslation } from './ir-translation.ts';

/** Axes counted from the front. */
function axesFromFront(layer: IrTranslation, axes: readonly number[], rank: number): number[] {
  return axes.map((axis) => {
    const index = axis < 0 ? axis + rank : axis;
    if (index < 0 || index >= rank) throw layer.error(`has the axis ${axis} for ${rank} dimensions`);
    return index;
  });
}

function scalarAxis(layer: IrTranslation, index: number): number {
  const [axis, ...others] = layer.constant(index, 'axes');
  if (axis === undefined || others.length > 0) throw layer.error('has no single axis');
  return axis;
}

/** With `special_zero` a 0 in the shape stands for the size that the input has there. */
const reshape: IrRule = (layer) => {
  const known = layer.tensor(1);
  const zero = layer.flag('special_zero', false);
  if (known === undefined) {
    // A size that is computed is hardly ever 0.
    return layer.add('Reshape', [layer.input(0), layer.input(1)]);
  }
  const target = layer.constant(1, 'shapes');
  if (!zero || !target.includes(0)) return layer.add('Reshape', [layer.input(0), layer.addInts(target)]);
  const shape = layer.shape(0);
  const filled = target.map((size, axis) => (size === 0 ? (shape?.[axis] ?? -1) : size));
  if (filled.filter((size) => size < 0).length <= 1) {
    return layer.add('Reshape', [layer.input(0), layer.addInts(filled)]);
  }
  const sizes = target.map((size, axis) => (size === 0 ? layer.sizeOf(0, axis) : layer.addInts(size)));
  const packed = layer.add('Pack', sizes, { ...intType, N: sizes.length, axis: 0 });
  return layer.add('Reshape', [layer.input(0), packed]);
};

const transpose: IrRule = (layer) => {
  const order = layer.constant(1, 'orders');
  const rank = layer.rank(0);
  // An empty order turns all axes around.
  const axes = order.length === 0 ? Array.from({ length: rank }, (_, at) => rank - 1 - at) : order;
  if (new Set(axesFromFront(layer, axes, rank)).size !== rank || axes.length !== rank) {
    throw layer.error(`has the order ${order.join(', ')} for ${rank} dimensions`);
  }
  return layer.addTranspose(layer.input(0), axes);
};

const squeeze: IrRule = (layer) => {
  const axes = layer.inputs.length > 1 ? layer.constant(1, 'axes') : [];
  return layer.add('Squeeze', [layer.input(0)], { squeeze_dims: axes });
};

const unsqueeze: IrRule = (layer) => {
  const given = layer.constant(1, 'axes');
  const axes = axesFromFront(layer, given, layer.rank(0) + given.length).sort((a, b) => a - b);
  return axes.reduce((last, axis) => layer.add('ExpandDims', [last, layer.addInts(axis)]), layer.input(0));
};

const concat: IrRule = (layer) => {
  const references = layer.inputs.map(({ reference }) => reference);
  if (references.length === 0) throw layer.error('has no inputs');
  const axis = layer.addInts(layer.number('axis'));
  return layer.add('ConcatV2', [...references, axis], { N: references.length });
};

const split: IrRule = (layer) => {
  const axis = layer.addInts(scalarAxis(layer, 1));
  const parts = layer.number('num_splits');
  if (!Number.isInteger(parts) || parts < 1 || parts > 65536) throw layer.error(`has num_splits=${parts}`);
  return layer.add('Split', [axis, layer.input(0)], { num_split: parts });
};

const variadicSplit: IrRule = (layer) => {
  const axis = layer.addInts(scalarAxis(layer, 1));
  const sizes = layer.constant(2, 'lengths');
  return layer.add('SplitV', [layer.input(0), layer.addInts(sizes), axis], { num_split: sizes.length });
};

/** A list of 0 and 1 as a number whose bit i is entry i. */
function bitsOf(layer: IrTranslation, key: string): number {
  return layer.ints(key, []).reduce((bits, bit, at) => (bit === 0 ? bits : bits | (1 << at)), 0);
}

const stridedSlice: IrRule = (layer) => {
  const inputs = [layer.input(0), layer.input(1), layer.input(2)];
  const count = layer.tensor(1)?.shape[0] ?? layer.shape(1)?.[0] ?? -1;
  if (layer.inputs.length > 3) inputs.push(layer.input(3));
  else if (count >= 0) inputs.push(layer.addInts(Array<number>(count).fill(1)));
  else throw layer.unsupported('of an unknown number of axes');
  return layer.add('StridedSlice', inputs, {
    begin_mask: bitsOf(layer, 'begin_mask'),
    end_mask: bitsOf(layer, 'end_mask'),
    ellipsis_mask: bitsOf(layer, 'ellipsis_mask'),
    new_axis_mask: bitsOf(layer, 'new_axis_mask'),
    shrink_axis_mask: bitsOf(layer, 'shrink_axis_mask'),
  });
};

/** Slice-8: start, stop and step for the axes that it lists. */
const slice: IrRule = (layer) => {
  const [starts, stops, steps] = [1, 2, 3].map((index) => layer.constant(index, 'bounds')) as [
    number[],
    number[],
    number[],
  ];
  const rank = layer.rank(0);
  const given = layer.inputs.length > 4 ? layer.constant(4, 'axes') : starts.map((_, axis) => axis);
  const axes = axesFromFront(layer, given, rank);
  if (stops.length !== axes.length || steps.length !== axes.length || starts.length !== axes.length) {
    throw layer.error('has start, stop, step and axes of different lengths');
  }
  const all = Array.from({ length: rank }, (_, axis) => axes.indexOf(axis));
  const list = (values: readonly number[], otherwise: number): string =>
    layer.addInts(all.map((at) => (at < 0 ? otherwise : values[at]!)));
  const open = all.reduce((bits, at, axis) => (at < 0 ? bits | (1 << axis) : bits), 0);
  // Backwards, the smallest number stands for everything to the start, which only a mask can say.
  const ends = all.reduce(
    (bits, at, axis) => (at >= 0 && steps[at]! < 0 && stops[at]! <= -(2 ** 31) ? bits | (1 << axis) : bits),
    open,
  );
  const inputs = [layer.input(0), list(starts, 0), list(stops, 0), list(steps, 1)];
  return layer.add('StridedSlice', inputs, { begin_mask: open, end_mask: ends });
};

const gather: IrRule = (layer) => {
  if (layer.number('batch_dims', 0) !== 0) throw layer.unsupported('with batch_dims');
  const axis = layer.addInts(scalarAxis(layer, 2));
  return layer.add('GatherV2', [layer.input(0), layer.input(1), axis], { Tindices: { type: 'int32' } });
};

const matMul: IrRule = (layer) => {
  const [a, b] = [layer.rank(0), layer.rank(1)];
  if (a < 2 || b < 2) throw layer.unsupported(`of tensors of rank ${a} and ${b}`);
  const [left, right] = [layer.flag('transpose_a', false), layer.flag('transpose_b', false)];
  const inputs = [layer.input(0), layer.input(1)];
  return a === 2 && b === 2
    ? layer.add('MatMul', inputs, { transpose_a: left, transpose_b: right })
    : layer.add('BatchMatMulV2', inputs, { adj_x: left, adj_y: right });
};

const broadcast: IrRule = (layer) => {
  const mode = layer.text('mode', 'numpy').toLowerCase();
  if (mode !== 'numpy') throw layer.unsupported(`with mode=${mode}`);
  return layer.add('BroadcastTo', [layer.input(0), layer.input(1)]);
};

/** The sizes of a tensor are ints of the Graph whatever type the layer asks for. */
const shapeOf: IrRule = (layer) => {
  const shape = layer.shape(0);
  if (isFullyKnown(shape)) return layer.addInts(shape);
  return layer.add('Shape', [layer.input(0)], { out_type: { type: 'int32' } });
};

export const arrangementLayers: Readonly<Record<string, IrRule>> = {
  Reshape: reshape,
  Transpose: transpose,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Concat: concat,
  Split: split,
  VariadicSplit: variadicSplit,
  StridedSlice: stridedSlice,
  Slice: slice,
  Gather: gather,
  MatMul: matMul,
  Broadcast: broadcast,
  Tile: (layer) => layer.add('Tile', [layer.input(0), layer.input(1)]),
  ShapeOf: shapeOf,
};
