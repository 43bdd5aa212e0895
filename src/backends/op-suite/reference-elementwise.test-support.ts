/** Functions of single values as TensorFlow defines them (tensorflow/core/kernels/cwise_ops.h). */
import type { DataType, GraphNode } from '../../graph/graph.ts';
import { floatAttr, typeAttr } from '../../graph/node-attrs.ts';
import {
  broadcastShape,
  cast,
  filled,
  isWhole,
  spread,
  wrapped,
  type PlainOp,
  type PlainTensor,
} from './reference-tensor.test-support.ts';

/** Abramowitz and Stegun 7.1.5 near 0, the continued fraction 7.1.14 elsewhere: 1e-9 at least. */
function erf(x: number): number {
  const size = Math.abs(x);
  if (Number.isNaN(x)) return NaN;
  if (size > 6) return Math.sign(x);
  if (size < 2.5) {
    let [term, sum] = [x, x];
    for (let n = 1; n < 60; n++) {
      term *= (-x * x) / n;
      sum += term / (2 * n + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = 0;
  for (let n = 60; n > 0; n--) fraction = n / 2 / (size + fraction);
  return Math.sign(x) * (1 - Math.exp(-x * x) / (size + fraction) / Math.sqrt(Math.PI));
}

/** Halves to the even neighbour. */
function roundHalfEven(x: number): number {
  const low = Math.floor(x);
  if (x - low !== 0.5) return Math.round(x);
  return low % 2 === 0 ? low : low + 1;
}

/** NaN stays NaN, as Math.max and Math.min do it. */
const clip = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high);

const seluScale = 1.0507009873554805;
const seluAlpha = 1.6732632423543772;

type Unary = (x: number, alpha: number) => number;

/** Of one value; `alpha` is the attribute of LeakyRelu. */
export const unaryFunctions: Readonly<Record<string, Unary>> = {
  Abs: Math.abs,
  Acos: Math.acos,
  Acosh: Math.acosh,
  Asin: Math.asin,
  Asinh: Math.asinh,
  Atan: Math.atan,
  Atanh: Math.atanh,
  Ceil: Math.ceil,
  Cos: Math.cos,
  Cosh: Math.cosh,
  Elu: (x) => (x < 0 ? Math.expm1(x) : x),
  Erf: erf,
  Exp: Math.exp,
  Expm1: Math.expm1,
  // This project's own: half away from zero, as C's round.
  FFmpegRound: (x) => Math.sign(x) * Math.floor(Math.abs(x) + 0.5),
  Floor: Math.floor,
  Gelu: (x) => (x / 2) * (1 + erf(x * Math.SQRT1_2)),
  HardSwish: (x) => (x * Math.min(Math.max(x + 3, 0), 6)) / 6,
  Mish: (x) => x * Math.tanh(Math.log1p(Math.exp(x))),
  Silu: (x) => x / (1 + Math.exp(-x)),
  Inv: (x) => 1 / x,
  LeakyRelu: (x, alpha) => (x > 0 ? x : alpha * x),
  Log: Math.log,
  Log1p: Math.log1p,
  Neg: (x) => -x,
  Reciprocal: (x) => 1 / x,
  Relu: (x) => Math.max(x, 0),
  Relu6: (x) => clip(x, 0, 6),
  Rint: roundHalfEven,
  Round: roundHalfEven,
  Rsqrt: (x) => 1 / Math.sqrt(x),
  Selu: (x) => (x < 0 ? seluScale * seluAlpha * Math.expm1(x) : seluScale * x),
  Sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  Sign: Math.sign,
  Sin: Math.sin,
  Sinh: Math.sinh,
  Softplus: (x) => (Number.isNaN(x) ? NaN : Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  Softsign: (x) => x / (1 + Math.abs(x)),
  Sqrt: Math.sqrt,
  Square: (x) => x * x,
  Tan: Math.tan,
  Tanh: Math.tanh,
};

type Test = (x: number) => boolean;

/** Of one value, with a bool as result. */
export const tests: Readonly<Record<string, Test>> = {
  IsFinite: Number.isFinite,
  IsInf: (x) => Math.abs(x) === Infinity,
  IsNan: Number.isNaN,
  LogicalNot: (x) => x === 0,
};

/** The remainder of whole division; with `floor` it has the divisor's sign, else the dividend's. */
function remainder(x: number, y: number, floor: boolean): number {
  const rest = x % y;
  return floor && rest !== 0 && rest < 0 !== y < 0 ? rest + y : rest;
}

type Binary = (x: number, y: number) => number;

/** Of two floats. */
export const floatFunctions: Readonly<Record<string, Binary>> = {
  Add: (x, y) => x + y,
  AddV2: (x, y) => x + y,
  Atan2: Math.atan2,
  BiasAdd: (x, y) => x + y,
  Div: (x, y) => x / y,
  DivNoNan: (x, y) => (y === 0 ? 0 : x / y),
  // This project's own: C's remainder of the whole parts, 0 where the divisor's is.
  FFmpegFloorMod: (x, y) => (Math.trunc(y) === 0 ? 0 : Math.trunc(x) % Math.trunc(y)),
  // FFMAX and FFMIN of libavutil/macros.h.
  FFmpegMaximum: (x, y) => (x > y ? x : y),
  FFmpegMinimum: (x, y) => (x > y ? y : x),
  FloorDiv: (x, y) => Math.floor(x / y),
  FloorMod: (x, y) => remainder(x, y, true),
  Maximum: Math.max,
  Minimum: Math.min,
  Mod: (x, y) => remainder(x, y, false),
  Mul: (x, y) => x * y,
  Pow: Math.pow,
  Prelu: (x, slope) => (x > 0 ? x : slope * x),
  RealDiv: (x, y) => x / y,
  SquaredDifference: (x, y) => Math.fround(x - y) ** 2,
  Sub: (x, y) => x - y,
  TruncateMod: (x, y) => remainder(x, y, false),
};

type Whole = (x: bigint, y: bigint) => bigint;

const floorDiv: Whole = (x, y) => (x % y !== 0n && x < 0n !== y < 0n ? x / y - 1n : x / y);

/** Of two whole numbers; the result wraps. Division cuts off, as C's. */
export const wholeFunctions: Readonly<Record<string, Whole>> = {
  Add: (x, y) => x + y,
  AddV2: (x, y) => x + y,
  BiasAdd: (x, y) => x + y,
  BitwiseAnd: (x, y) => x & y,
  Div: (x, y) => x / y,
  FloorDiv: floorDiv,
  FloorMod: (x, y) => x - y * floorDiv(x, y),
  Maximum: (x, y) => (x > y ? x : y),
  Minimum: (x, y) => (x < y ? x : y),
  Mod: (x, y) => x % y,
  Mul: (x, y) => x * y,
  Pow: (x, y) => x ** y,
  SquaredDifference: (x, y) => (x - y) * (x - y),
  Sub: (x, y) => x - y,
  TruncateDiv: (x, y) => x / y,
  TruncateMod: (x, y) => x % y,
};

type Comparison = (x: number, y: number) => boolean;

/** Of two values of any type, with a bool as result. */
export const comparisons: Readonly<Record<string, Comparison>> = {
  Equal: (x, y) => x === y,
  Greater: (x, y) => x > y,
  GreaterEqual: (x, y) => x >= y,
  Less: (x, y) => x < y,
  LessEqual: (x, y) => x <= y,
  LogicalAnd: (x, y) => x !== 0 && y !== 0,
  LogicalOr: (x, y) => x !== 0 || y !== 0,
  NotEqual: (x, y) => x !== y,
};

/** One value of an op of two, in their type. */
export function binaryValue(op: string, dtype: DataType, x: number, y: number): number {
  if (isWhole(dtype)) return wrapped(dtype, wholeFunctions[op]!(BigInt(x), BigInt(y)));
  return floatFunctions[op]!(x, y);
}

/** Of one whole number; the result wraps. The square of a large one is no exact double. */
function wholeUnary(op: string, dtype: DataType, x: number): number {
  const result = op === 'Square' ? BigInt(x) * BigInt(x) : BigInt(unaryFunctions[op]!(x, 0));
  return wrapped(dtype, result);
}

const unary: PlainOp = (node, [input]) => {
  const { dtype, shape, data } = input!;
  const alpha = Math.fround(floatAttr(node, 'alpha', 0.2));
  const value = (x: number): number =>
    isWhole(dtype) ? wholeUnary(node.op, dtype, x) : cast(dtype, unaryFunctions[node.op]!(x, alpha));
  return [{ dtype, shape, data: data.map(value) }];
};

const test: PlainOp = (node, [x]) => [
  { dtype: 'bool', shape: x!.shape, data: x!.data.map((value) => Number(tests[node.op]!(value))) },
];

function pairs(
  dtype: DataType,
  inputs: readonly PlainTensor[],
  value: (values: number[]) => number,
): PlainTensor {
  const shape = broadcastShape(inputs.map((input) => input.shape));
  return filled(dtype, shape, (position) => value(inputs.map((input) => spread(input, position))));
}

const binary: PlainOp = ({ op }, inputs) => {
  const { dtype } = inputs[0]!;
  return [pairs(dtype, inputs, ([x, y]) => binaryValue(op, dtype, x!, y!))];
};

const comparison: PlainOp = ({ op }, inputs) => [
  pairs('bool', inputs, ([x, y]) => Number(comparisons[op]!(x!, y!))),
];

/** Sums from the first input on, each rounded. */
const addN: PlainOp = (_node, [first, ...others]) => {
  const { dtype } = first!;
  const add = (sum: PlainTensor, next: PlainTensor): PlainTensor =>
    pairs(dtype, [sum, next], ([x, y]) => binaryValue('Add', dtype, x!, y!));
  return [others.reduce(add, first!)];
};

/** Select of version 1 takes a vector as condition for whole rows. */
const select: PlainOp = ({ op }, [condition, x, y]) => {
  const rows = op === 'Select' && condition!.shape.length === 1 && x!.shape.length > 1;
  const shape = rows ? [...condition!.shape, ...x!.shape.slice(1).map(() => 1)] : condition!.shape;
  const inputs = [{ ...condition!, shape }, x!, y!];
  return [pairs(x!.dtype, inputs, ([mask, one, other]) => (mask !== 0 ? one! : other!))];
};

const clipByValue: PlainOp = (_node, inputs) => [
  pairs(inputs[0]!.dtype, inputs, ([x, low, high]) => clip(x!, low!, high!)),
];

const castTo: PlainOp = (node, [x]) => {
  const dtype = typeAttr(node, 'DstT')!;
  return [{ dtype, shape: x!.shape, data: x!.data.map((value) => cast(dtype, value)) }];
};

const constantLike =
  (value: number): PlainOp =>
  (_node: GraphNode, [x]) => [filled(x!.dtype, x!.shape, () => value)];

const same: PlainOp = (_node, inputs) => inputs;

function all(names: Iterable<string>, op: PlainOp): Record<string, PlainOp> {
  return Object.fromEntries(Array.from(names, (name) => [name, op]));
}

/** The reference of every op that treats values one by one. */
export const elementwiseOps: Readonly<Record<string, PlainOp>> = {
  ...all(Object.keys(unaryFunctions), unary),
  ...all(Object.keys(tests), test),
  ...all([...Object.keys(floatFunctions), ...Object.keys(wholeFunctions)], binary),
  ...all(Object.keys(comparisons), comparison),
  ...all(['Select', 'SelectV2'], select),
  ...all(
    ['Identity', 'IdentityN', 'StopGradient', 'PreventGradient', 'Snapshot', 'CheckNumerics', 'Print'],
    same,
  ),
  AddN: addN,
  ClipByValue: clipByValue,
  Cast: castTo,
  OnesLike: constantLike(1),
  ZerosLike: constantLike(0),
};
