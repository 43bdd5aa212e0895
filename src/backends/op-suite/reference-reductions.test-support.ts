/** Ops that make one value of many: reductions, products of matrices, normalisations and resizes. */
import { boolAttr, floatAttr, intAttr, stringsAttr } from '../../graph/node-attrs.ts';
import { binaryValue, unaryFunctions } from './reference-elementwise.test-support.ts';
import {
  at,
  axisOf,
  broadcastShape,
  cast,
  filled,
  isWhole,
  positionOf,
  sizeOf,
  type PlainOp,
  type PlainTensor,
} from './reference-tensor.test-support.ts';

/** The values of a tensor in groups of those that one value is made of. */
function reduced(
  input: PlainTensor,
  axes: readonly number[],
  keep: boolean,
  value: (values: readonly number[]) => number,
  dtype = input.dtype,
): PlainTensor {
  const gone = new Set(axes.map((axis) => axisOf(axis, input.shape.length)));
  const kept = input.shape.map((size, axis) => (gone.has(axis) ? 1 : size));
  const over = input.shape.map((size, axis) => (gone.has(axis) ? size : 1));
  const all = filled(dtype, kept, (position) =>
    value(
      Array.from({ length: sizeOf(over) }, (_, index) => {
        const step = positionOf(over, index);
        return at(
          input,
          position.map((here, axis) => here + step[axis]!),
        );
      }),
    ),
  );
  return keep ? all : { ...all, shape: kept.filter((_, axis) => !gone.has(axis)) };
}

/** Sums, products and means of whole numbers wrap, and the mean is cut off. */
function wholeReduction(
  op: string,
  { dtype }: PlainTensor,
): ((values: readonly number[]) => number) | undefined {
  if (!isWhole(dtype)) return undefined;
  const fold = (by: string, start: number) => (values: readonly number[]) =>
    values.reduce((result, value) => binaryValue(by, dtype, result, value), start);
  const sum = fold('Add', 0);
  if (op === 'Sum') return sum;
  if (op === 'Prod') return fold('Mul', 1);
  return op === 'Mean' ? (values) => Math.trunc(sum(values) / values.length) : undefined;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const reductions: Readonly<Record<string, (values: readonly number[]) => number>> = {
  Sum: sum,
  Mean: (values) => sum(values) / values.length,
  Prod: (values) => values.reduce((product, value) => product * value, 1),
  // NaN stays NaN.
  Max: (values) => values.reduce((most, value) => Math.max(most, value), -Infinity),
  Min: (values) => values.reduce((least, value) => Math.min(least, value), Infinity),
  All: (values) => Number(values.every((value) => value !== 0)),
  Any: (values) => Number(values.some((value) => value !== 0)),
  EuclideanNorm: (values) => Math.sqrt(sum(values.map((value) => value * value))),
};

const reduce: PlainOp = (node, [input, axes]) => {
  const value = wholeReduction(node.op, input!) ?? reductions[node.op]!;
  return [reduced(input!, axes!.data, boolAttr(node, 'keep_dims', false), value)];
};

/** The first index of the extreme. */
const argReduce: PlainOp = ({ op }, [input, axis]) => {
  const better = (one: number, other: number): boolean => (op === 'ArgMax' ? one > other : one < other);
  const first = (values: readonly number[]): number =>
    values.reduce((best, value, index) => (better(value, values[best]!) ? index : best), 0);
  return [reduced(input!, axis!.data, false, first, 'int32')];
};

/** The greatest of the last axis, the first of equal ones first: values and indices. */
const topK: PlainOp = (_node, [input, count]) => {
  const length = input!.shape.at(-1)!;
  const shape = [...input!.shape.slice(0, -1), count!.data[0]!];
  const order = (position: readonly number[]): [number, number] => {
    const row = Array.from({ length }, (_, index): [number, number] => [
      at(input!, [...position.slice(0, -1), index]),
      index,
    ]);
    return row.sort((a, b) => b[0] - a[0] || a[1] - b[1])[position.at(-1)!]!;
  };
  return [
    filled(input!.dtype, shape, (position) => order(position)[0]),
    filled('int32', shape, (position) => order(position)[1]),
  ];
};

const softmax: PlainOp = ({ op }, [input]) => [
  filled('float32', input!.shape, (position) => {
    const row = Array.from({ length: input!.shape.at(-1)! }, (_, c) => at(input!, position.with(-1, c)));
    const most = Math.max(...row);
    const total = sum(row.map((value) => Math.exp(value - most)));
    const here = at(input!, position) - most;
    return op === 'Softmax' ? Math.exp(here) / total : here - Math.log(total);
  }),
];

const matMul: PlainOp = (node, inputs) => {
  const [a, b] = inputs as [PlainTensor, PlainTensor];
  const turnA = boolAttr(node, 'transpose_a', boolAttr(node, 'adj_x', false));
  const turnB = boolAttr(node, 'transpose_b', boolAttr(node, 'adj_y', false));
  const [rows, depth] = turnA ? [a.shape.at(-1)!, a.shape.at(-2)!] : [a.shape.at(-2)!, a.shape.at(-1)!];
  const columns = turnB ? b.shape.at(-2)! : b.shape.at(-1)!;
  const batch = broadcastShape([a.shape.slice(0, -2), b.shape.slice(0, -2)]);
  const outer = ({ shape }: PlainTensor, position: readonly number[]): number[] => {
    const own = shape.slice(0, -2);
    return own.map((size, axis) => (size === 1 ? 0 : position[axis + batch.length - own.length]!));
  };
  const [bias, activation] = stringsAttr(node, 'fused_ops');
  return [
    filled('float32', [...batch, rows, columns], (position) => {
      const [row, column] = position.slice(-2) as [number, number];
      const [first, second] = [outer(a, position), outer(b, position)];
      let total = bias === undefined ? 0 : inputs[2]!.data[column]!;
      for (let k = 0; k < depth; k++) {
        const left = at(a, [...first, ...(turnA ? [k, row] : [row, k])]);
        total += left * at(b, [...second, ...(turnB ? [column, k] : [k, column])]);
      }
      return activation === undefined ? total : unaryFunctions[activation]!(total, 0.2);
    }),
  ];
};

const batchNorm: PlainOp = (node, [input, scale, offset, mean, variance]) => {
  const epsilon = Math.fround(floatAttr(node, 'epsilon', 1e-4));
  return [
    filled('float32', input!.shape, (position) => {
      const c = position.at(-1)!;
      const normal = (at(input!, position) - mean!.data[c]!) / Math.sqrt(variance!.data[c]! + epsilon);
      return normal * scale!.data[c]! + offset!.data[c]!;
    }),
  ];
};

/** Local response normalisation over `depth_radius` channels to each side. */
const lrn: PlainOp = (node, [input]) => {
  const radius = intAttr(node, 'depth_radius', 5);
  const [bias, alpha, beta] = [
    floatAttr(node, 'bias', 1),
    floatAttr(node, 'alpha', 1),
    floatAttr(node, 'beta', 0.5),
  ];
  return [
    filled('float32', input!.shape, (position) => {
      const c = position.at(-1)!;
      let squares = 0;
      for (let k = c - radius; k <= c + radius; k++) squares += at(input!, position.with(-1, k)) ** 2;
      return at(input!, position) / (bias + alpha * squares) ** beta;
    }),
  ];
};

/** Where an output of a resize lies in the input (image_resizer_state.h), in float32. */
export function resizePosition(
  index: number,
  input: number,
  output: number,
  align: boolean,
  half: boolean,
): number {
  const scale = Math.fround(align && output > 1 ? (input - 1) / (output - 1) : input / output);
  return half ? Math.fround(Math.fround(index + 0.5) * scale) : Math.fround(index * scale);
}

const resize: PlainOp = (node, [input, size]) => {
  const [align, half] = [boolAttr(node, 'align_corners', false), boolAttr(node, 'half_pixel_centers', false)];
  const [n, , , channels] = input!.shape as [number, number, number, number];
  const place = (index: number, axis: 1 | 2): number =>
    resizePosition(index, input!.shape[axis]!, size!.data[axis - 1]!, align, half);
  const nearest = (index: number, axis: 1 | 2): number => {
    const at = align ? Math.round(place(index, axis)) : Math.floor(place(index, axis));
    return Math.min(at, input!.shape[axis]! - 1);
  };
  const taps = (index: number, axis: 1 | 2): [number, number, number] => {
    const position = Math.fround(place(index, axis) - (half ? 0.5 : 0));
    const low = Math.floor(position);
    const most = input!.shape[axis]! - 1;
    return [Math.max(low, 0), Math.max(0, Math.min(Math.ceil(position), most)), position - low];
  };
  const bilinear = node.op === 'ResizeBilinear';
  const shape = [n, ...size!.data, channels];
  return [
    filled(bilinear ? 'float32' : input!.dtype, shape, ([item, y, x, c]) => {
      const pixel = (row: number, column: number): number => at(input!, [item!, row, column, c!]);
      if (!bilinear) return pixel(nearest(y!, 1), nearest(x!, 2));
      const [top, bottom, down] = taps(y!, 1);
      const [left, right, across] = taps(x!, 2);
      const upper = pixel(top, left) + (pixel(top, right) - pixel(top, left)) * across;
      const lower = pixel(bottom, left) + (pixel(bottom, right) - pixel(bottom, left)) * across;
      return upper + (lower - upper) * down;
    }),
  ];
};

/** This project's own op: Concat(Relu(x), Relu(-x)) along the channels. */
const concatenatedRelu: PlainOp = (_node, [input]) => {
  const channels = input!.shape.at(-1)!;
  return [
    filled('float32', input!.shape.with(-1, 2 * channels), (position) => {
      const c = position.at(-1)!;
      const value = at(input!, position.with(-1, c % channels));
      return Math.max(c < channels ? value : -value, 0);
    }),
  ];
};

/** Counts of the whole numbers 0 … size - 1. */
const bincount: PlainOp = (_node, [input, size]) => [
  filled(
    'float32',
    size!.data,
    ([value]) => input!.data.filter((entry) => cast('int32', entry) === value).length,
  ),
];

/** The reference of these ops. */
export const reductionOps: Readonly<Record<string, PlainOp>> = {
  ...Object.fromEntries(Object.keys(reductions).map((op) => [op, reduce])),
  ArgMax: argReduce,
  ArgMin: argReduce,
  TopKV2: topK,
  Softmax: softmax,
  LogSoftmax: softmax,
  MatMul: matMul,
  _FusedMatMul: matMul,
  BatchMatMul: matMul,
  BatchMatMulV2: matMul,
  FusedBatchNorm: batchNorm,
  FusedBatchNormV2: batchNorm,
  FusedBatchNormV3: batchNorm,
  LRN: lrn,
  ResizeBilinear: resize,
  ResizeNearestNeighbor: resize,
  CRelu: concatenatedRelu,
  Bincount: bincount,
};
