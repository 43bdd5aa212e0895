/** Known values of ops that rearrange, join, cut and create tensors, and of reductions. */
import type { DataType, Shape } from '../graph.ts';
import { intAttr, typeAttr } from '../node-attrs.ts';
import type { RuleContext } from '../shapes/rule-context.ts';
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

const reductions: Readonly<
  Record<string, readonly [start: number, step: (sum: number, value: number) => number]>
> = {
  Sum: [0, (sum, value) => sum + value],
  Prod: [1, (product, value) => product * value],
  Max: [-Infinity, Math.max],
  Min: [Infinity, Math.min],
};

/** Sum, Prod, Max, Min and Mean along any axes; sums of whole numbers that leave 32 bits are not known. */
export function evaluateReduction(context: RuleContext, output: readonly number[]): KnownValue | undefined {
  const value = context.values[0];
  const given = context.ints(1);
  const { op } = context.node;
  const reduction = reductions[op === 'Mean' ? 'Sum' : op];
  if (value === undefined || reduction === undefined || given?.some(Number.isNaN) !== false) return undefined;
  const isReal = isFloatType(value.dtype);
  if (!isReal && (op === 'Mean' || (value.dtype !== 'int32' && value.dtype !== 'int64'))) return undefined;
  const axes = new Set(given.map((axis) => context.axis(axis, value.shape.length)));
  const strides = stridesOf(value.shape.map((size, axis) => (axes.has(axis) ? 1 : size)));
  const results = new Float64Array(elementCount(output)).fill(reduction[0]);
  const from = stridesOf(value.shape);
  for (const axis of axes) strides[axis] = 0;
  for (let index = 0; index < value.data.length; index++) {
    let to = 0;
    for (const [axis, stride] of from.entries())
      to += strides[axis]! * (Math.floor(index / stride) % value.shape[axis]!);
    results[to] = reduction[1](results[to]!, value.data[index]!);
  }
  if (isReal) {
    const share = op === 'Mean' ? value.data.length / results.length : 1;
    return { dtype: value.dtype, shape: output, data: Float32Array.from(results, (sum) => sum / share) };
  }
  if (results.some((result) => !Number.isSafeInteger(result) || result !== (result | 0))) return undefined;
  return { dtype: value.dtype, shape: output, data: Array.from(results) };
}
