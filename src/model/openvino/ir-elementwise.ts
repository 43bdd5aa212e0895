/** Activations and arithmetic of OpenVINO's opset. */
import { isFloatType } from '../../graph/tensor-storage.ts';
import { narrowedDataType } from '../data-type.ts';
import { elementType } from './element-type.ts';
import type { IrRule, IrTranslation } from './ir-translation.ts';

function unary(op: string): IrRule {
  return (layer) => layer.add(op, [layer.input(0)]);
}

function isFloat(layer: IrTranslation): boolean {
  return isFloatType(layer.inputs[0]?.type ?? 'float32');
}

function binary(op: string, wholeOp = op): IrRule {
  return (layer) => {
    if (layer.text('auto_broadcast', 'numpy').toLowerCase() === 'pdpd') {
      throw layer.unsupported('with auto_broadcast=pdpd');
    }
    return layer.add(isFloat(layer) ? op : wholeOp, [layer.input(0), layer.input(1)]);
  };
}

/** min(max(x + 3, 0), 6) */
function hardSix(layer: IrTranslation): string {
  return layer.add('Relu6', [layer.add('AddV2', [layer.input(0), layer.addNumber(3)])]);
}

function sixth(layer: IrTranslation, value: string): string {
  return layer.add('Mul', [value, layer.addNumber(1 / 6)]);
}

const clamp: IrRule = (layer) => {
  const [low, high] = [layer.number('min'), layer.number('max')];
  if (low > high) throw layer.error(`has min=${low} and max=${high}`);
  if (low === 0 && high === 6) return layer.add('Relu6', [layer.input(0)]);
  return layer.add('ClipByValue', [layer.input(0), layer.addNumber(low), layer.addNumber(high)]);
};

/** A slope of rank 1 stands for the channels, dimension 1. */
const prelu: IrRule = (layer) => {
  const slope = layer.tensor(1);
  if (slope?.data.length === 1) {
    return layer.add('LeakyRelu', [layer.input(0)], { alpha: { f: Number(slope.data[0]) } });
  }
  const [shape, rank] = [slope?.shape ?? layer.shape(1), layer.rank(0)];
  const channels = layer.shape(0)?.[1];
  const isVector = shape?.length === 1 && rank > 2 && (channels === shape[0] || channels === -1);
  const slopes = isVector
    ? layer.add('Reshape', [layer.input(1), layer.addInts([shape[0]!, ...Array<number>(rank - 2).fill(1)])])
    : layer.input(1);
  return layer.add('Prelu', [layer.input(0), slopes]);
};

/** Below 0 TensorFlow's Elu is e^x − 1, OpenVINO's is alpha times that. */
const elu: IrRule = (layer) => {
  const alpha = layer.number('alpha', 1);
  if (alpha === 1) return layer.add('Elu', [layer.input(0)]);
  const negative = layer.add('Minimum', [layer.input(0), layer.addNumber(0)]);
  const scaled = layer.add('Mul', [layer.add('Elu', [negative]), layer.addNumber(alpha)]);
  return layer.add('AddV2', [layer.add('Relu', [layer.input(0)]), scaled]);
};

const hardSigmoid: IrRule = (layer) => {
  const scaled = layer.add('Mul', [layer.input(0), layer.input(1)]);
  const shifted = layer.add('AddV2', [scaled, layer.input(2)]);
  return layer.add('ClipByValue', [shifted, layer.addNumber(0), layer.addNumber(1)]);
};

const swish: IrRule = (layer) => {
  const scaled =
    layer.inputs.length > 1 ? layer.add('Mul', [layer.input(0), layer.input(1)]) : layer.input(0);
  return layer.add('Mul', [layer.input(0), layer.add('Sigmoid', [scaled])]);
};

/** x / 2 · (1 + erf(x / √2)); the approximation by tanh is another function. */
const gelu: IrRule = (layer) => {
  if (layer.text('approximation_mode', 'erf').toLowerCase() !== 'erf') {
    throw layer.unsupported('with approximation_mode=tanh');
  }
  const erf = layer.add('Erf', [layer.add('Mul', [layer.input(0), layer.addNumber(Math.SQRT1_2)])]);
  const half = layer.add('Mul', [layer.input(0), layer.addNumber(0.5)]);
  return layer.add('Mul', [half, layer.add('AddV2', [erf, layer.addNumber(1)])]);
};

const mish: IrRule = (layer) => {
  const soft = layer.add('Tanh', [layer.add('Softplus', [layer.input(0)])]);
  return layer.add('Mul', [layer.input(0), soft]);
};

const round: IrRule = (layer) => {
  const even = layer.text('mode', 'half_to_even').toLowerCase() === 'half_to_even';
  return layer.add(even ? 'Round' : 'FFmpegRound', [layer.input(0)]);
};

/** Between float types nothing happens: all of them are held as float32. */
const convert: IrRule = (layer) => {
  const given = layer.text('destination_type');
  const to = elementType(given);
  if (to === undefined) throw layer.unsupported(`to ${given}`);
  const from = layer.inputs[0]!.type;
  if (isFloatType(from) && isFloatType(to)) return layer.add('Identity', [layer.input(0)]);
  const attrs = { SrcT: { type: from }, DstT: { type: narrowedDataType(to) } };
  return layer.add('Cast', [layer.input(0)], attrs);
};

/** TensorFlow's Softmax is along the last axis. */
function softmax(op: string, axisOtherwise: number): IrRule {
  return (layer) => {
    const rank = layer.rank(0);
    const given = layer.number('axis', axisOtherwise);
    const axis = given < 0 ? given + rank : given;
    if (!Number.isInteger(axis) || axis < 0 || axis >= rank) throw layer.error(`has axis=${given}`);
    if (axis === rank - 1) return layer.add(op, [layer.input(0)]);
    const axes = Array.from({ length: rank }, (_, at) => at);
    const order = [...axes.toSpliced(axis, 1), axis];
    const back = axes.map((at) => order.indexOf(at));
    return layer.addTranspose(layer.add(op, [layer.addTranspose(layer.input(0), order)]), back);
  };
}

/** Layers that are one op of one tensor. */
const unaries: Readonly<Record<string, string>> = {
  ReLU: 'Relu',
  Relu: 'Relu',
  Sigmoid: 'Sigmoid',
  Tanh: 'Tanh',
  TanH: 'Tanh',
  Exp: 'Exp',
  Log: 'Log',
  Abs: 'Abs',
  Negative: 'Neg',
  Sqrt: 'Sqrt',
  Sign: 'Sign',
  Floor: 'Floor',
  Ceiling: 'Ceil',
  Erf: 'Erf',
  SoftPlus: 'Softplus',
  SoftSign: 'Softsign',
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
  LogicalNot: 'LogicalNot',
};

const binaries: Readonly<Record<string, string | readonly [string, string]>> = {
  Add: 'AddV2',
  Subtract: 'Sub',
  Multiply: 'Mul',
  Divide: ['RealDiv', 'FloorDiv'],
  Maximum: 'Maximum',
  Minimum: 'Minimum',
  Power: 'Pow',
  SquaredDifference: 'SquaredDifference',
  FloorMod: 'FloorMod',
  // The remainder has the sign of the dividend.
  Mod: 'TruncateMod',
  Equal: 'Equal',
  NotEqual: 'NotEqual',
  Greater: 'Greater',
  GreaterEqual: 'GreaterEqual',
  Less: 'Less',
  LessEqual: 'LessEqual',
  LogicalAnd: 'LogicalAnd',
  LogicalOr: 'LogicalOr',
};

export const elementwiseLayers: Readonly<Record<string, IrRule>> = {
  ...Object.fromEntries(Object.entries(unaries).map(([type, op]) => [type, unary(op)])),
  ...Object.fromEntries(
    Object.entries(binaries).map(([type, op]) => [
      type,
      typeof op === 'string' ? binary(op) : binary(...(op as [string, string])),
    ]),
  ),
  Clamp: clamp,
  PReLU: prelu,
  PRelu: prelu,
  Elu: elu,
  HardSigmoid: hardSigmoid,
  HSigmoid: (layer) => sixth(layer, hardSix(layer)),
  HSwish: (layer) => sixth(layer, layer.add('Mul', [layer.input(0), hardSix(layer)])),
  Swish: swish,
  Gelu: gelu,
  Mish: mish,
  Round: round,
  Convert: convert,
  SoftMax: softmax('Softmax', 1),
  Softmax: softmax('Softmax', 1),
  LogSoftmax: softmax('LogSoftmax', 1),
  Select: (layer) => layer.add('SelectV2', [layer.input(0), layer.input(1), layer.input(2)]),
};
