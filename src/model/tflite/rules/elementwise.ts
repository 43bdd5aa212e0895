/** Operators of one value at a time, activations, and comparisons. */
import type { TfliteRule } from '../tflite-translation.ts';
import { activated, clipped } from './fused-activation.ts';

/** TensorFlow has the same op with the same inputs and no attribute. */
function same(op: string): TfliteRule {
  return (node) => node.add(op, node.inputs());
}

/** Their options start with an activation. */
function activatedBinary(op: string): TfliteRule {
  return (node) => activated(node, node.add(op, [node.input(0), node.input(1)]), 0);
}

const leakyRelu: TfliteRule = (node) =>
  node.add('LeakyRelu', [node.input(0)], { alpha: { f: node.options?.float32(0) ?? 0 } });

const hardSwish: TfliteRule = (node) => {
  const x = node.input(0);
  const gate = clipped(node, node.add('AddV2', [x, node.addFloat(3)]), 0, 6);
  return node.add('Mul', [x, node.add('Mul', [gate, node.addFloat(1 / 6)])]);
};

/** x · P(X ≤ x), or its approximation by tanh. */
const gelu: TfliteRule = (node) => {
  const x = node.input(0);
  const times = (value: string, factor: number): string => node.add('Mul', [value, node.addFloat(factor)]);
  const half = times(x, 0.5);
  if (node.options?.flag(0) !== true) {
    const share = node.add('AddV2', [node.add('Erf', [times(x, Math.SQRT1_2)]), node.addFloat(1)]);
    return node.add('Mul', [half, share]);
  }
  const cube = times(node.add('Mul', [node.add('Square', [x]), x]), 0.044715);
  const inner = times(node.add('AddV2', [x, cube]), Math.sqrt(2 / Math.PI));
  return node.add('Mul', [half, node.add('AddV2', [node.add('Tanh', [inner]), node.addFloat(1)])]);
};

const softmax: TfliteRule = (node) => {
  const beta = node.options?.float32(0) ?? 0;
  const x = node.input(0);
  return node.add('Softmax', [beta === 1 ? x : node.add('Mul', [x, node.addFloat(beta)])]);
};

/** The vector along the last dimension with the length 1; lengths below 1e-6 count as that. */
const unitVector: TfliteRule = (node) => {
  const x = node.input(0);
  const squares = node.add('Sum', [node.add('Square', [x]), node.addInts([-1])], { keep_dims: true });
  const length = node.add('Maximum', [node.add('Sqrt', [squares]), node.addFloat(1e-6)]);
  return activated(node, node.add('RealDiv', [x, length]), 0);
};

const bounded =
  (low: number, high: number): TfliteRule =>
  (node) =>
    clipped(node, node.input(0), low, high);

export const elementwiseRules: Readonly<Record<string, TfliteRule>> = {
  ADD: activatedBinary('AddV2'),
  SUB: activatedBinary('Sub'),
  MUL: activatedBinary('Mul'),
  DIV: activatedBinary('RealDiv'),
  RELU_N1_TO_1: bounded(-1, 1),
  RELU_0_TO_1: bounded(0, 1),
  LEAKY_RELU: leakyRelu,
  HARD_SWISH: hardSwish,
  GELU: gelu,
  SOFTMAX: softmax,
  L2_NORMALIZATION: unitVector,
  RELU: same('Relu'),
  RELU6: same('Relu6'),
  LOGISTIC: same('Sigmoid'),
  TANH: same('Tanh'),
  PRELU: same('Prelu'),
  ELU: same('Elu'),
  LOG_SOFTMAX: same('LogSoftmax'),
  EXP: same('Exp'),
  LOG: same('Log'),
  SQRT: same('Sqrt'),
  RSQRT: same('Rsqrt'),
  SQUARE: same('Square'),
  ABS: same('Abs'),
  NEG: same('Neg'),
  SIN: same('Sin'),
  COS: same('Cos'),
  FLOOR: same('Floor'),
  CEIL: same('Ceil'),
  ROUND: same('Round'),
  ZEROS_LIKE: same('ZerosLike'),
  MAXIMUM: same('Maximum'),
  MINIMUM: same('Minimum'),
  POW: same('Pow'),
  SQUARED_DIFFERENCE: same('SquaredDifference'),
  FLOOR_DIV: same('FloorDiv'),
  FLOOR_MOD: same('FloorMod'),
  LESS: same('Less'),
  LESS_EQUAL: same('LessEqual'),
  GREATER: same('Greater'),
  GREATER_EQUAL: same('GreaterEqual'),
  EQUAL: same('Equal'),
  NOT_EQUAL: same('NotEqual'),
  LOGICAL_AND: same('LogicalAnd'),
  LOGICAL_OR: same('LogicalOr'),
  LOGICAL_NOT: same('LogicalNot'),
  SELECT: same('Select'),
  SELECT_V2: same('SelectV2'),
  ADD_N: (node) => node.add('AddN', node.inputs(), { N: node.inputCount }),
};
