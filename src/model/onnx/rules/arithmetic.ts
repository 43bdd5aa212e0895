/** Arithmetic, comparisons and logic of ONNX. */
import type { OnnxRule, OnnxTranslation } from '../onnx-translation.ts';

function unary(op: string): OnnxRule {
  return (node) => node.add(op, [node.input(0)]);
}

function binary(op: string): OnnxRule {
  return (node) => node.add(op, [node.input(0), node.input(1)]);
}

/** All inputs joined two by two. */
function variadic(op: string): OnnxRule {
  return (node) => joined(node, op);
}

function joined(node: OnnxTranslation, op: string): string {
  const [first, ...others] = node.inputs.map((_, index) => node.input(index));
  if (first === undefined) throw node.error('has no inputs');
  if (others.length === 0) return node.add('Identity', [first]);
  return others.reduce((all, other) => node.add(op, [all, other]), first);
}

const mean: OnnxRule = (node) =>
  node.add('Mul', [joined(node, 'AddV2'), node.addNumber(1 / node.inputs.length)]);

/** Whole numbers are cut towards zero. */
const divide: OnnxRule = (node) =>
  node.add(node.isFloat(0) ? 'RealDiv' : 'TruncateDiv', [node.input(0), node.input(1)]);

/** With fmod the remainder has the sign of the dividend, else that of the divisor. */
const modulo: OnnxRule = (node) =>
  node.add(node.flag('fmod', false) ? 'TruncateMod' : 'FloorMod', [node.input(0), node.input(1)]);

/** The exponent may have a type of its own. */
const power: OnnxRule = (node) => {
  const exponent = node.tensor(1);
  if (exponent?.data.length === 1 && exponent.shape.length <= node.rank(0) && node.isFloat(0)) {
    if (exponent.data[0] === 2) return node.add('Square', [node.input(0)]);
    if (exponent.data[0] === 0.5) return node.add('Sqrt', [node.input(0)]);
    return node.add('Pow', [node.input(0), node.addNumber(Number(exponent.data[0]))]);
  }
  return node.add('Pow', [node.input(0), node.cast(node.input(1), node.type(0))]);
};

/** TensorFlow has no op for it: truths are numbers. */
const exclusiveOr: OnnxRule = (node) => node.add('NotEqual', [node.input(0), node.input(1)]);

const isInfinite: OnnxRule = (node) => {
  const [positive, negative] = [node.flag('detect_positive', true), node.flag('detect_negative', true)];
  const infinite = node.add('IsInf', [node.input(0)]);
  if (positive && negative) return infinite;
  const side = node.add(positive ? 'Greater' : 'Less', [node.input(0), node.addNumber(0)]);
  if (positive || negative) return node.add('LogicalAnd', [infinite, side]);
  return node.add('LogicalAnd', [infinite, node.add('LogicalNot', [infinite])]);
};

/** Ops of one tensor, by TensorFlow's names. */
const unaries: Readonly<Record<string, string>> = {
  Abs: 'Abs',
  Neg: 'Neg',
  Exp: 'Exp',
  Log: 'Log',
  Sqrt: 'Sqrt',
  Sign: 'Sign',
  Floor: 'Floor',
  Ceil: 'Ceil',
  Round: 'Round',
  Reciprocal: 'Reciprocal',
  Erf: 'Erf',
  Sin: 'Sin',
  Cos: 'Cos',
  Tan: 'Tan',
  Asin: 'Asin',
  Acos: 'Acos',
  Atan: 'Atan',
  Sinh: 'Sinh',
  Cosh: 'Cosh',
  Asinh: 'Asinh',
  Acosh: 'Acosh',
  Atanh: 'Atanh',
  Not: 'LogicalNot',
  IsNaN: 'IsNan',
};

const binaries: Readonly<Record<string, string>> = {
  Add: 'AddV2',
  Sub: 'Sub',
  Mul: 'Mul',
  Equal: 'Equal',
  Greater: 'Greater',
  GreaterOrEqual: 'GreaterEqual',
  Less: 'Less',
  LessOrEqual: 'LessEqual',
  And: 'LogicalAnd',
  Or: 'LogicalOr',
};

export const arithmeticRules: Readonly<Record<string, OnnxRule>> = {
  ...Object.fromEntries(Object.entries(unaries).map(([name, op]) => [name, unary(op)])),
  ...Object.fromEntries(Object.entries(binaries).map(([name, op]) => [name, binary(op)])),
  Div: divide,
  Mod: modulo,
  Pow: power,
  Xor: exclusiveOr,
  IsInf: isInfinite,
  Sum: variadic('AddV2'),
  Max: variadic('Maximum'),
  Min: variadic('Minimum'),
  Mean: mean,
  Where: (node) => node.add('SelectV2', [node.input(0), node.input(1), node.input(2)]),
};
