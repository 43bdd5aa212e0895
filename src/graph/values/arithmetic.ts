/**
 * Elementwise arithmetic on known values as TensorFlow does it: int32 wraps, FloorMod has the divisor's sign,
 * float32 is rounded after every op.
 */
import type { DataType } from '../graph.ts';
import { typeAttr } from '../node-attrs.ts';
import type { RuleContext } from '../shapes/rule-context.ts';
import { elementCount, isFloatType } from '../tensor-storage.ts';
import type { KnownValue } from './known-value.ts';

type Binary = (a: number, b: number) => number;

const wrap = (value: number): number => (Number.isNaN(value) ? NaN : value | 0);

/** A division by zero has no value: the node stays as it is. */
const divisor = (b: number): number => (b === 0 ? NaN : b);

const floorMod: Binary = (a, b) => {
  const rest = a % divisor(b);
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
};

/**
 * C's remainder of both values cut to integers, with the dividend's sign
 * (dnn_backend_native_layer_mathbinary.c).
 */
const cRemainder: Binary = (a, b) => Math.trunc(a) % divisor(Math.trunc(b));

const intOps: Readonly<Record<string, Binary>> = {
  Add: (a, b) => wrap(a + b),
  AddV2: (a, b) => wrap(a + b),
  Sub: (a, b) => wrap(a - b),
  Mul: (a, b) => (Number.isNaN(a + b) ? NaN : Math.imul(a, b)),
  Div: (a, b) => wrap(Math.trunc(a / divisor(b))),
  TruncateDiv: (a, b) => wrap(Math.trunc(a / divisor(b))),
  FloorDiv: (a, b) => wrap(Math.floor(a / divisor(b))),
  FloorMod: floorMod,
  Mod: (a, b) => a % divisor(b),
  TruncateMod: (a, b) => a % divisor(b),
  Maximum: Math.max,
  Minimum: Math.min,
  SquaredDifference: (a, b) => (Number.isNaN(a - b) ? NaN : Math.imul(a - b, a - b)),
};

const floatOps: Readonly<Record<string, Binary>> = {
  Add: (a, b) => a + b,
  AddV2: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  RealDiv: (a, b) => a / b,
  FloorDiv: (a, b) => Math.floor(Math.fround(a / b)),
  FloorMod: floorMod,
  FFmpegFloorMod: cRemainder,
  FFmpegMaximum: (a, b) => (a > b ? a : b),
  FFmpegMinimum: (a, b) => (a > b ? b : a),
  Maximum: Math.max,
  Minimum: Math.min,
  Pow: Math.pow,
  SquaredDifference: (a, b) => Math.fround(a - b) ** 2,
};

const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  Equal: (a, b) => a === b,
  NotEqual: (a, b) => a !== b,
  Greater: (a, b) => a > b,
  GreaterEqual: (a, b) => a >= b,
  Less: (a, b) => a < b,
  LessEqual: (a, b) => a <= b,
  LogicalAnd: (a, b) => a !== 0 && b !== 0,
  LogicalOr: (a, b) => a !== 0 || b !== 0,
};

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** C's round: halves go away from zero. */
function roundHalfAway(value: number): number {
  const whole = Math.trunc(value);
  return Math.abs(value - whole) >= 0.5 ? whole + Math.sign(value) : whole;
}

const unaryBoth: Readonly<Record<string, (a: number) => number>> = {
  Neg: (a) => -a,
  Abs: Math.abs,
  Sign: Math.sign,
  Square: (a) => a * a,
  Relu: (a) => Math.max(a, 0),
};

const unaryFloat: Readonly<Record<string, (a: number) => number>> = {
  Sqrt: Math.sqrt,
  Rsqrt: (a) => 1 / Math.fround(Math.sqrt(a)),
  Exp: Math.exp,
  Log: Math.log,
  Floor: Math.floor,
  Ceil: Math.ceil,
  Round: roundHalfEven,
  Rint: roundHalfEven,
  FFmpegRound: roundHalfAway,
  Reciprocal: (a) => 1 / a,
  Inv: (a) => 1 / a,
  Sin: Math.sin,
  Cos: Math.cos,
  Tanh: Math.tanh,
  Sigmoid: (a) => 1 / (1 + Math.exp(-a)),
};

/** Types whose arithmetic is implemented; 8 and 16 bit integers wrap elsewhere and are left alone. */
function isInt(type: DataType): boolean {
  return type === 'int32' || type === 'int64';
}

/** Elements for a type: float32 is rounded, everything else keeps NaN for unknown. */
function store(type: DataType, count: number, at: (index: number) => number): ArrayLike<number> {
  const data = isFloatType(type) ? new Float32Array(count) : new Float64Array(count);
  for (let index = 0; index < count; index++) data[index] = at(index);
  return data;
}

/** For each output element, the index of the operand's element that broadcasting pairs with it. */
function broadcastIndex(shape: readonly number[], output: readonly number[]): (index: number) => number {
  const count = elementCount(shape);
  if (count === 1) return () => 0;
  if (count === elementCount(output)) return (index) => index;
  const strides: number[] = new Array<number>(output.length).fill(0);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1) strides[axis + output.length - shape.length] = stride;
    stride *= shape[axis]!;
  }
  return (index) => {
    let rest = index;
    let source = 0;
    for (let axis = output.length - 1; axis >= 0; axis--) {
      source += (rest % output[axis]!) * strides[axis]!;
      rest = Math.floor(rest / output[axis]!);
    }
    return source;
  };
}

/** Add, Sub, …, comparisons and logic. @param output the broadcast shape. */
export function evaluateBinary(context: RuleContext, output: readonly number[]): KnownValue | undefined {
  const [one, other] = context.values;
  if (one === undefined || other === undefined) return undefined;
  const { op } = context.node;
  const at = broadcastIndex(one.shape, output);
  const otherAt = broadcastIndex(other.shape, output);
  const count = elementCount(output);
  const compare = comparisons[op];
  if (compare !== undefined) {
    const data = store('bool', count, (index) => {
      const [a, b] = [one.data[at(index)]!, other.data[otherAt(index)]!];
      return Number.isNaN(a + b) ? NaN : Number(compare(a, b));
    });
    return { dtype: 'bool', shape: output, data };
  }
  const compute = isInt(one.dtype) ? intOps[op] : isFloatType(one.dtype) ? floatOps[op] : undefined;
  if (compute === undefined) return undefined;
  const data = store(one.dtype, count, (index) => compute(one.data[at(index)]!, other.data[otherAt(index)]!));
  return { dtype: one.dtype, shape: output, data };
}

/** Neg, Sqrt, Cast and the like. */
export function evaluateUnary(context: RuleContext): KnownValue | undefined {
  const value = context.values[0];
  if (value === undefined) return undefined;
  const { op } = context.node;
  const { dtype, shape } = value;
  if (op === 'Cast') return cast(value, typeAttr(context.node, 'DstT'));
  if (op === 'OnesLike' || op === 'ZerosLike') {
    return { dtype, shape, data: store(dtype, value.data.length, () => (op === 'OnesLike' ? 1 : 0)) };
  }
  if (op === 'LogicalNot') {
    return { dtype, shape, data: store(dtype, value.data.length, (index) => 1 - value.data[index]!) };
  }
  const compute = isFloatType(dtype)
    ? (unaryFloat[op] ?? unaryBoth[op])
    : isInt(dtype)
      ? unaryBoth[op]
      : undefined;
  if (compute === undefined) return undefined;
  const fit = isInt(dtype) ? wrap : (element: number): number => element;
  return { dtype, shape, data: store(dtype, value.data.length, (index) => fit(compute(value.data[index]!))) };
}

function cast(value: KnownValue, type: DataType | undefined): KnownValue | undefined {
  if (type === undefined || type === 'string') return undefined;
  const { shape, data } = value;
  const toFloat = isFloatType(type);
  const convert = (element: number): number => {
    if (toFloat) return element;
    if (type === 'bool') return Number.isNaN(element) ? NaN : Number(element !== 0);
    const whole = Math.trunc(element);
    // Outside the range the result of a cast is undefined in TensorFlow: leave it to the backend.
    return isInt(type) && whole >= -(2 ** 31) && whole < 2 ** 31 ? whole : NaN;
  };
  return { dtype: type, shape, data: store(type, data.length, (index) => convert(data[index]!)) };
}

/** Select and SelectV2 with operands of the output's shape or one value. */
export function evaluateSelect(context: RuleContext, output: readonly number[]): KnownValue | undefined {
  const [condition, one, other] = context.values;
  if (condition === undefined || one === undefined || other === undefined) return undefined;
  if (
    context.node.op === 'Select' &&
    condition.data.length !== 1 &&
    condition.data.length !== elementCount(output)
  ) {
    return undefined;
  }
  const pick = broadcastIndex(condition.shape, output);
  const at = broadcastIndex(one.shape, output);
  const otherAt = broadcastIndex(other.shape, output);
  const data = store(one.dtype, elementCount(output), (index) => {
    const chosen = condition.data[pick(index)]!;
    if (Number.isNaN(chosen)) return NaN;
    return chosen === 0 ? other.data[otherAt(index)]! : one.data[at(index)]!;
  });
  return { dtype: one.dtype, shape: output, data };
}
