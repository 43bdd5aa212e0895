/** Known values of ops that take values from other places, and of sums and extremes along axes. */
import { boolAttr, intAttr } from '../node-attrs.ts';
import type { RuleContext } from '../shapes/rule-context.ts';
import { elementCount, isFloatType } from '../tensor-storage.ts';
import { axisMaps, mapValues, wholeIndex } from './axis-maps.ts';
import type { KnownValue } from './known-value.ts';

function stored(like: KnownValue, shape: readonly number[], data: readonly number[]): KnownValue {
  return { dtype: like.dtype, shape, data: isFloatType(like.dtype) ? Float32Array.from(data) : data };
}

/** Of every op that has axis maps. */
export function evaluateMapped(context: RuleContext, output: readonly number[]): KnownValue | undefined {
  const [value] = context.values;
  if (value === undefined) return undefined;
  const maps = axisMaps(context);
  if (maps === undefined) return undefined;
  return stored(
    value,
    output,
    mapValues(maps, (index) => value.data[index]!),
  );
}

/** GatherElements: the indices have the output's shape. */
export function evaluateGatherElements(
  context: RuleContext,
  output: readonly number[],
): KnownValue | undefined {
  const [value] = context.values;
  const indices = context.ints(1);
  if (value === undefined || indices?.some(Number.isNaN) !== false) return undefined;
  const axis = context.axis(intAttr(context.node, 'axis', 0), value.shape.length);
  const strides = value.shape.map((_, at) => elementCount(value.shape.slice(at + 1)));
  const sizes = output.map((_, at) => elementCount(output.slice(at + 1)));
  const data = indices.map((index, at) => {
    const from = strides.reduce((sum, stride, other) => {
      const own = Math.floor(at / sizes[other]!) % output[other]!;
      return sum + stride * (other === axis ? wholeIndex(context, index, value.shape[axis]!) : own);
    }, 0);
    return value.data[from]!;
  });
  return stored(value, output, data);
}

/** GatherNd without a batch. */
export function evaluateGatherNd(context: RuleContext, output: readonly number[]): KnownValue | undefined {
  const [value] = context.values;
  const indices = context.ints(1);
  const depth = context.shape(1)?.at(-1) ?? -1;
  if (value === undefined || indices?.some(Number.isNaN) !== false || depth < 1) return undefined;
  if (intAttr(context.node, 'batch_dims', 0) !== 0) return undefined;
  const run = elementCount(value.shape.slice(depth));
  const data: number[] = [];
  for (let at = 0; at < indices.length; at += depth) {
    let from = 0;
    for (let axis = 0; axis < depth; axis++) {
      const size = value.shape[axis]!;
      from = from * size + wholeIndex(context, indices[at + axis]!, size);
    }
    for (let index = 0; index < run; index++) data.push(value.data[from * run + index]!);
  }
  return stored(value, output, data);
}

/** Cumsum. */
export function evaluateCumsum(context: RuleContext, output: readonly number[]): KnownValue | undefined {
  const [value] = context.values;
  const given = context.int(1);
  if (value === undefined || given === undefined) return undefined;
  const axis = context.axis(given, output.length);
  const [size, inner] = [output[axis]!, elementCount(output.slice(axis + 1))];
  const [exclusive, reverse] = ['exclusive', 'reverse'].map((name) => boolAttr(context.node, name, false));
  const data = Array.from({ length: value.data.length }, () => 0);
  for (let first = 0; first < data.length; first++) {
    if (Math.floor(first / inner) % size !== 0) continue;
    let sum = 0;
    for (let step = 0; step < size; step++) {
      const at = first + inner * (reverse === true ? size - 1 - step : step);
      const next = Math.fround(sum + value.data[at]!);
      data[at] = exclusive === true ? sum : next;
      sum = next;
    }
  }
  return stored(value, output, data);
}
