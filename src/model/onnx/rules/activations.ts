/** Activations of ONNX as ops of TensorFlow, or composed of some. */
import type { OnnxRule, OnnxTranslation } from '../onnx-translation.ts';

/** Ends of what float32 holds: a bound beyond does nothing. */
const largest = 3.4028234663852886e38;

export function clip(node: OnnxTranslation, value: string, low: number, high: number): string {
  if (low === 0 && high === 6) return node.add('Relu6', [value]);
  return node.add('ClipByValue', [value, node.addNumber(low, value), node.addNumber(high, value)]);
}

/** A bound of Clip: an attribute before version 11, then an optional input. */
function bound(
  node: OnnxTranslation,
  index: number,
  attribute: string,
  otherwise: number,
): number | string | undefined {
  if (node.version < 11) return node.hasAttribute(attribute) ? node.float(attribute) : undefined;
  if (!node.has(index)) return undefined;
  const tensor = node.tensor(index);
  return tensor === undefined ? node.input(index) : Number(tensor.data[0] ?? otherwise);
}

const clipRule: OnnxRule = (node) => {
  const low = bound(node, 1, 'min', -largest);
  const high = bound(node, 2, 'max', largest);
  const x = node.input(0);
  if (low === undefined && high === undefined) return node.add('Identity', [x]);
  if (low === 0 && high === undefined) return node.add('Relu', [x]);
  // The upper bound counts where both contradict each other, as in onnxruntime.
  if (typeof low === 'number' && typeof high === 'number' && low <= high && node.isFloat(0)) {
    return clip(node, x, low, high);
  }
  const operand = (value: number | string): string =>
    typeof value === 'string' ? value : node.addNumber(value);
  const raised = low === undefined ? x : node.add('Maximum', [x, operand(low)]);
  return high === undefined ? raised : node.add('Minimum', [raised, operand(high)]);
};

/** A slope that broadcasts from the last axis on, as numpy's operands do. */
const prelu: OnnxRule = (node) => {
  const slope = node.tensor(1);
  if (slope?.data.length === 1) {
    return node.add('LeakyRelu', [node.input(0)], { alpha: { f: Number(slope.data[0]) } });
  }
  return node.add('Prelu', [node.input(0), node.input(1)]);
};

/** max(x, 0) + scale · min(0, e^(x/alpha) − 1) */
function exponential(node: OnnxTranslation, scale: number, alpha: number): string {
  const negative = node.add('Minimum', [node.input(0), node.addNumber(0)]);
  const scaled = alpha === 1 ? negative : node.add('Mul', [negative, node.addNumber(1 / alpha)]);
  const curved = node.add('Mul', [node.add('Elu', [scaled]), node.addNumber(scale)]);
  return node.add('AddV2', [node.add('Relu', [node.input(0)]), curved]);
}

const elu: OnnxRule = (node) => {
  const alpha = node.float('alpha', 1);
  return alpha === 1 ? node.add('Elu', [node.input(0)]) : exponential(node, alpha, 1);
};

const selu: OnnxRule = (node) => {
  const alpha = node.float('alpha', 1.6732632423543772);
  const gamma = node.float('gamma', 1.0507009873554805);
  if (Math.abs(alpha - 1.6732632) < 1e-6 && Math.abs(gamma - 1.050701) < 1e-6) {
    return node.add('Selu', [node.input(0)]);
  }
  return node.add('Mul', [exponential(node, alpha, 1), node.addNumber(gamma)]);
};

const celu: OnnxRule = (node) => {
  const alpha = node.float('alpha', 1);
  return exponential(node, alpha, alpha);
};

function hardSigmoid(node: OnnxTranslation, alpha: number, beta: number): string {
  const scaled = node.add('Mul', [node.input(0), node.addNumber(alpha)]);
  return clip(node, node.add('AddV2', [scaled, node.addNumber(beta)]), 0, 1);
}

/** x · min(max(x + 3, 0), 6) / 6 */
const hardSwish: OnnxRule = (node) => {
  const shifted = node.add('Relu6', [node.add('AddV2', [node.input(0), node.addNumber(3)])]);
  const product = node.add('Mul', [node.input(0), shifted]);
  return node.add('Mul', [product, node.addNumber(1 / 6)]);
};

const mish: OnnxRule = (node) => {
  const soft = node.add('Tanh', [node.add('Softplus', [node.input(0)])]);
  return node.add('Mul', [node.input(0), soft]);
};

/** x · sigmoid(alpha · x) */
export function swish(node: OnnxTranslation, alpha: number): string {
  const x = node.input(0);
  const scaled = alpha === 1 ? x : node.add('Mul', [x, node.addNumber(alpha)]);
  return node.add('Mul', [x, node.add('Sigmoid', [scaled])]);
}

/** x / 2 · (1 + erf(x / √2)) */
export function gelu(node: OnnxTranslation, x: string): string {
  const erf = node.add('Erf', [node.add('Mul', [x, node.addNumber(Math.SQRT1_2)])]);
  const half = node.add('Mul', [x, node.addNumber(0.5)]);
  return node.add('Mul', [half, node.add('AddV2', [erf, node.addNumber(1)])]);
}

/** x / 2 · (1 + tanh(√(2/π) · (x + 0.044715 · x³))) */
export function geluByTanh(node: OnnxTranslation, x: string): string {
  const cube = node.add('Mul', [node.add('Mul', [x, x]), x]);
  const bent = node.add('AddV2', [x, node.add('Mul', [cube, node.addNumber(0.044715)])]);
  const tanh = node.add('Tanh', [node.add('Mul', [bent, node.addNumber(Math.sqrt(2 / Math.PI))])]);
  const half = node.add('Mul', [x, node.addNumber(0.5)]);
  return node.add('Mul', [half, node.add('AddV2', [tanh, node.addNumber(1)])]);
}

const geluRule: OnnxRule = (node) => {
  const way = node.text('approximate', 'none');
  if (way !== 'none' && way !== 'tanh') throw node.error(`has approximate='${way}'`);
  return way === 'none' ? gelu(node, node.input(0)) : geluByTanh(node, node.input(0));
};

const thresholded: OnnxRule = (node) => {
  const above = node.add('Greater', [node.input(0), node.addNumber(node.float('alpha', 1))]);
  return node.add('SelectV2', [above, node.input(0), node.addNumber(0)]);
};

/** x − bias above lambd, x + bias below −lambd, else 0. */
const shrink: OnnxRule = (node) => {
  const [bias, limit] = [node.float('bias', 0), node.float('lambd', 0.5)];
  const x = node.input(0);
  const over = node.add('Greater', [x, node.addNumber(limit)]);
  const under = node.add('Less', [x, node.addNumber(-limit)]);
  const low = node.add('SelectV2', [under, node.add('AddV2', [x, node.addNumber(bias)]), node.addNumber(0)]);
  return node.add('SelectV2', [over, node.add('Sub', [x, node.addNumber(bias)]), low]);
};

/** TensorFlow's Softmax is along the last axis. */
function alongAxis(node: OnnxTranslation, op: string, x: string, axis: number): string {
  const rank = node.rankOf(x);
  if (axis === rank - 1) return node.add(op, [x]);
  const axes = Array.from({ length: rank }, (_, at) => at);
  const order = [...axes.toSpliced(axis, 1), axis];
  const back = axes.map((at) => order.indexOf(at));
  return node.addTranspose(node.add(op, [node.addTranspose(x, order)]), back);
}

/** Before version 13 all axes from the given one on are one. */
function softmax(op: 'Softmax' | 'LogSoftmax'): OnnxRule {
  return (node) => {
    const rank = node.rank(0);
    const shape = node.shape(0)!;
    const axis = node.axis(node.int('axis', node.version < 13 ? 1 : -1), Math.max(1, rank));
    if (node.version >= 13 || shape.slice(axis + 1).every((size) => size === 1)) {
      return alongAxis(node, op, node.input(0), axis);
    }
    if (axis === rank - 1) return node.add(op, [node.input(0)]);
    const front = Array.from({ length: axis }, (_, at) => node.sizeOf(node.input(0), at));
    const flat = node.addReshape(node.input(0), [...front, -1]);
    return node.add('Reshape', [node.add(op, [flat]), node.addShape(node.input(0))]);
  };
}

const unaries = 'Relu Sigmoid Tanh Softplus Softsign'.split(' ');

export const activationRules: Readonly<Record<string, OnnxRule>> = {
  ...Object.fromEntries(
    unaries.map((op): [string, OnnxRule] => [op, (node) => node.add(op, [node.input(0)])]),
  ),
  Clip: clipRule,
  PRelu: prelu,
  LeakyRelu: (node) => node.add('LeakyRelu', [node.input(0)], { alpha: { f: node.float('alpha', 0.01) } }),
  Elu: elu,
  Selu: selu,
  Celu: celu,
  HardSigmoid: (node) => hardSigmoid(node, node.float('alpha', 0.2), node.float('beta', 0.5)),
  HardSwish: hardSwish,
  Mish: mish,
  Swish: (node) => swish(node, node.float('alpha', 1)),
  Gelu: geluRule,
  ThresholdedRelu: thresholded,
  Shrink: shrink,
  Softmax: softmax('Softmax'),
  LogSoftmax: softmax('LogSoftmax'),
};
