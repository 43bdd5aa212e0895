/** Known values of ops that rearrange, join, cut and create tensors, and of reductions. */
import type { DataType, Shape } from '../graph.ts';
import { boolAttr, intAttr, typeAttr } from '../node-attrs.ts';
import type { RuleContext } from '../shapes/rule-context.ts';
import { slicePlan } from '../shapes/slice-range.ts';
import { elementCount, isFloatType } from '../tensor-storage.ts';
import type { KnownValue } from './known-value.ts';

/** Result of one evaluator: one entry an output. */
export type Evaluated = readonly (KnownValue | undefined)[] | undefined;

function array(type: DataType, count: number): Float32Array | Float64Array {
  return isFloatType(type) ? new Float32Array(count) : new Float64Array(count);
}

/** Row-major strides of a shape. */
function stridesOf(shape: readonly number[]): number[] {
  const strides: number[] = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}

/**
 * A tensor of `shape` whose element at a position is the source's element at `start` + position · `strides`.
 */
function gatherStrided(
  source: KnownValue,
  shape: readonly number[],
  start: number,
  strides: readonly number[],
): KnownValue {
  const data = array(source.dtype, elementCount(shape));
  const position: number[] = new Array<number>(shape.length).fill(0);
  let from = start;
  for (let index = 0; index < data.length; index++) {
    data[index] = source.data[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      position[axis]!++;
      from += strides[axis]!;
      if (position[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      position[axis] = 0;
    }
  }
  return { dtype: source.dtype, shape, data };
}

/** Same elements, other shape. */
export function evaluateReshaped(context: RuleContext, output: readonly number[]): KnownValue | undefined {
  const value = context.values[0];
  if (value === undefined || value.data.length !== elementCount(output)) return undefined;
  return { dtype: value.dtype, shape: output, data: value.data };
}

/** Shape, ShapeN, Size and Rank: sizes of the inputs, NaN where unknown. */
export function evaluateShape(context: RuleContext): Evaluated {
  const dtype = typeAttr(context.node, 'out_type') === 'int64' ? 'int64' : 'int32';
  const sizes = (shape: Shape): KnownValue | undefined =>
    shape === null
      ? undefined
      : { dtype, shape: [shape.length], data: shape.map((size) => (size < 0 ? NaN : size)) };
  if (context.node.op === 'ShapeN') return context.shapes.map(sizes);
  const shape = context.shape(0);
  if (context.node.op === 'Shape') return [sizes(shape)];
  if (shape === null) return undefined;
  const known = shape.map((size) => (size < 0 ? NaN : size));
  return [{ dtype, shape: [], data: [context.node.op === 'Rank' ? shape.length : elementCount(known)] }];
}

export function evaluateStridedSlice(
  context: RuleContext,
  output: readonly number[],
): KnownValue | undefined {
  const value = context.values[0];
  const plan = slicePlan(context);
  if (
    value === undefined ||
    plan === undefined ||
    plan.axes.some((axis) => Number.isNaN(axis.begin + axis.stride))
  ) {
    return undefined;
  }
  const strides = stridesOf(value.shape);
  const start = plan.axes.reduce((sum, axis, index) => sum + axis.begin * strides[index]!, 0);
  return gatherStrided(
    value,
    output,
    start,
    plan.output.map((axis) => (axis === 'new' ? 0 : strides[axis]! * plan.axes[axis]!.stride)),
  );
}

export function evaluateSlice(context: RuleContext, output: readonly number[]): KnownValue | undefined {
  const [value] = context.values;
  const begin = context.ints(1);
  if (value === undefined || begin?.some(Number.isNaN) !== false) return undefined;
  const strides = stridesOf(value.shape);
  return gatherStrided(
    value,
    output,
    begin.reduce((sum, first, axis) => sum + first * strides[axis]!, 0),
    strides,
  );
}

export function evaluateTranspose(context: RuleContext, output: readonly number[]): KnownValue | undefined {
  const [value] = context.values;
  const permutation = context.ints(1);
  if (value === undefined || permutation?.some(Number.isNaN) !== false) return undefined;
  const strides = stridesOf(value.shape);
  return gatherStrided(
    value,
    output,
    0,
    permutation.map((axis) => strides[context.axis(axis, strides.length)]!),
  );
}

/** Joins values along an axis; an unknown part becomes unknown elements where its size is known. */
export function joinValues(
  parts: readonly (KnownValue | undefined)[],
  shapes: readonly Shape[],
  axis: number,
  output: readonly number[],
): KnownValue | undefined {
  const dtype = parts.find((part) => part !== undefined)?.dtype;
  if (dtype === undefined) return undefined;
  const data = array(dtype, elementCount(output)).fill(NaN);
  const inner = elementCount(output.slice(axis + 1));
  const outer = elementCount(output.slice(0, axis));
  let offset = 0;
  for (const [index, part] of parts.entries()) {
    const size = (part?.shape ?? shapes[index])?.[axis] ?? -1;
    if (size < 0) return undefined;
    for (let row = 0; part !== undefined && row < outer; row++) {
      for (let at = 0; at < size * inner; at++) {
        data[row * output[axis]! * inner + offset * inner + at] = part.data[row * size * inner + at]!;
      }
    }
    offset += size;
  }
  return { dtype, shape: output, data };
}

export function evaluateConcat(context: RuleContext, output: readonly number[]): KnownValue | undefined {
  const last = context.node.op === 'ConcatV2';
  const axis = context.int(last ? context.values.length - 1 : 0);
  if (axis === undefined) return undefined;
  const [from, to] = last ? [0, -1] : [1, context.values.length];
  return joinValues(
    context.values.slice(from, to),
    context.shapes.slice(from, to),
    context.axis(axis, output.length),
    output,
  );
}

export function evaluatePack(context: RuleContext, output: readonly number[]): KnownValue | undefined {
  const axis = context.axis(intAttr(context.node, 'axis', 0), output.length);
  const row = output.with(axis, 1);
  return joinValues(
    context.values.map((value) => (value === undefined ? undefined : { ...value, shape: row })),
    context.values.map(() => row),
    axis,
    output,
  );
}

/** Split, SplitV and Unpack: cuts one value along an axis into the given shapes. */
export function evaluateCut(context: RuleContext, outputs: readonly Shape[]): Evaluated {
  const { op } = context.node;
  const value = context.values[op === 'Split' ? 1 : 0];
  const given = op === 'Unpack' ? intAttr(context.node, 'axis', 0) : context.int(op === 'Split' ? 0 : 2);
  if (value === undefined || given === undefined) return undefined;
  const axis = context.axis(given, value.shape.length);
  const strides = stridesOf(value.shape);
  let first = 0;
  return outputs.map((shape) => {
    if (shape === null || shape.includes(-1) || Number.isNaN(first)) {
      first = NaN;
      return undefined;
    }
    const part = gatherStrided(
      value,
      shape,
      first * strides[axis]!,
      op === 'Unpack' ? strides.toSpliced(axis, 1) : strides,
    );
    first += op === 'Unpack' ? 1 : shape[axis]!;
    return part;
  });
}

export function evaluateFill(context: RuleContext, output: readonly number[]): KnownValue | undefined {
  const value = context.values[1];
  if (value === undefined) return undefined;
  return {
    dtype: value.dtype,
    shape: output,
    data: array(value.dtype, elementCount(output)).fill(value.data[0]!),
  };
}

export function evaluateRange(context: RuleContext, output: readonly number[]): KnownValue | undefined {
  const [start, , delta] = context.values;
  if (start === undefined || delta === undefined) return undefined;
  const data = array(start.dtype, elementCount(output));
  for (let index = 0; index < data.length; index++) data[index] = start.data[0]! + index * delta.data[0]!;
  return { dtype: start.dtype, shape: output, data };
}

export function evaluateGather(context: RuleContext, output: readonly number[]): KnownValue | undefined {
  const value = context.values[0];
  const indices = context.ints(1);
  const axis = context.node.op === 'GatherV2' ? context.int(2) : 0;
  if (value === undefined || axis !== 0 || indices?.some(Number.isNaN) !== false) return undefined;
  const row = elementCount(value.shape.slice(1));
  if (indices.some((index) => index < 0 || index >= value.shape[0]!)) {
    throw context.error(`takes index ${indices.join(', ')} of ${value.shape[0]!} values`);
  }
  const data = array(value.dtype, elementCount(output));
  for (let at = 0; at < data.length; at++) {
    data[at] = value.data[indices[Math.floor(at / row)]! * row + (at % row)]!;
  }
  return { dtype: value.dtype, shape: output, data };
}

const reductions: Readonly<
  Record<string, readonly [start: number, step: (sum: number, value: number) => number]>
> = {
  Sum: [0, (sum, value) => sum + value],
  Prod: [1, (product, value) => product * value],
  Max: [-Infinity, Math.max],
  Min: [Infinity, Math.min],
};

/** Sum, Prod, Max and Min of integers over all axes, or of a vector. */
export function evaluateReduction(context: RuleContext, output: readonly number[]): KnownValue | undefined {
  const value = context.values[0];
  const reduction = reductions[context.node.op];
  if (value === undefined || reduction === undefined || elementCount(output) !== 1) return undefined;
  if (value.dtype !== 'int32' && value.dtype !== 'int64') return undefined;
  if (boolAttr(context.node, 'keep_dims', false) && output.length === 0) return undefined;
  const result = Array.from(value.data).reduce(reduction[1], reduction[0]);
  if (!Number.isSafeInteger(result) || result !== (result | 0)) return undefined;
  return { dtype: value.dtype, shape: output, data: [result] };
}
