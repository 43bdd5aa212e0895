/** Quantised operators, computed with floats: results are rounded as the quantiser does. */
import type { DataType, Tensor } from '../../../graph/graph.ts';
import { codeRanges, dequantisedTensor, roundToCodes, type CodeRange } from '../../quantised/rounding.ts';
import type { OnnxRule, OnnxTranslation } from '../onnx-translation.ts';
import { convolve } from './convolutions.ts';
import { multiply } from './matrices.ts';
import { asGiven, picturesOf } from './windows.ts';

function rangeOf(node: OnnxTranslation, type: DataType): CodeRange {
  const range = codeRanges[type];
  if (range === undefined) throw node.unsupported(`to ${type}`);
  return range;
}

/** A scale or zero point: one number, or one an entry of the axis, so that it broadcasts. */
function alongAxis(node: OnnxTranslation, reference: string, rank: number, axis: number): string {
  const shape = node.shapeOf(reference);
  if (shape === null) throw node.unsupported('with scales of unknown shape');
  if (shape.length > 1) throw node.unsupported('in blocks');
  if (shape.length === 0) return reference;
  if (shape[0] === 1) return node.addReshape(reference, []);
  return node.addReshape(reference, [shape[0]!, ...Array<number>(Math.max(0, rank - 1 - axis)).fill(1)]);
}

/** The numbers as floats. */
function asFloats(node: OnnxTranslation, reference: string): string {
  return node.cast(reference, 'float32');
}

/** value − zero point, as floats. */
function centred(node: OnnxTranslation, index: number, zeroIndex: number, axis: number): string {
  const value = asFloats(node, node.input(index));
  if (!node.has(zeroIndex)) return value;
  const zero = node.tensor(zeroIndex);
  if (zero !== undefined && Array.from(zero.data as ArrayLike<number>).every((entry) => entry === 0))
    return value;
  const point = alongAxis(node, asFloats(node, node.input(zeroIndex)), node.rank(index), axis);
  return node.add('Sub', [value, point]);
}

/** Rounds to the quantised type. */
function saturate(node: OnnxTranslation, value: string, zero: string | undefined, type: DataType): string {
  return node.cast(roundToCodes(node, value, zero, rangeOf(node, type)), type);
}

/** An axis that scales lie along, where there are several. */
function axisOf(node: OnnxTranslation): number {
  const rank = node.rank(0);
  const given = node.int('axis', 1);
  return rank <= 1 ? 0 : node.axis(given, rank);
}

/** The type that output_dtype, or the zero point, says. */
function quantisedType(node: OnnxTranslation): DataType {
  const named = ({ 2: 'uint8', 3: 'int8', 4: 'uint16', 5: 'int16' } as const)[node.int('output_dtype', 0)];
  return node.has(2) ? node.type(2) : (named ?? 'uint8');
}

const quantize: OnnxRule = (node) => {
  const [rank, axis] = [node.rank(0), axisOf(node)];
  const scale = alongAxis(node, node.input(1), rank, axis);
  const zero = node.has(2) ? alongAxis(node, asFloats(node, node.input(2)), rank, axis) : undefined;
  const quotient = node.add('RealDiv', [asFloats(node, node.input(0)), scale]);
  return saturate(node, quotient, zero, quantisedType(node));
};

const dequantize: OnnxRule = (node) => {
  const [rank, axis] = [node.rank(0), axisOf(node)];
  const [x, scale, zero] = [0, 1, 2].map((index) => (node.has(index) ? node.tensor(index) : undefined));
  if (
    x !== undefined &&
    scale !== undefined &&
    scale.shape.length <= 1 &&
    (zero !== undefined || !node.has(2))
  ) {
    const numbers = (tensor: Tensor): ArrayLike<number> => tensor.data as ArrayLike<number>;
    return node.addTensor(
      dequantisedTensor(x, numbers(scale), zero === undefined ? undefined : numbers(zero), axis),
    );
  }
  const factor = alongAxis(node, node.input(1), rank, axis);
  return node.add('Mul', [centred(node, 0, 2, axis), factor]);
};

/** Products of sums: scale a · scale b / scale of the result. */
function factorOf(node: OnnxTranslation, one: number, other: number, result: number): string {
  const product = node.add('Mul', [node.input(one), node.input(other)]);
  return node.add('RealDiv', [product, node.input(result)]);
}

/** Inputs: x, its scale and zero point; weights, theirs; scale and zero point of the result; bias. */
const convolution: OnnxRule = (node) => {
  const given = picturesOf(node);
  const x = { ...given, reference: pictured(node, centred(node, 0, 2, 0), given.axes) };
  const sum = convolve(node, x, centred(node, 3, 5, 0));
  const biased = node.has(8) ? withFloatBias(node, sum) : sum;
  const factor = factorOf(node, 1, 4, 6);
  const spread =
    (node.shapeOf(factor)?.[0] ?? 1) === 1 ? node.addReshape(factor, []) : node.alongChannels(factor, 4);
  const scaled = node.add('Mul', [biased, spread]);
  const zero = node.addReshape(asFloats(node, node.input(7)), []);
  return asGiven(node, given, saturate(node, scaled, zero, node.type(7)));
};

function pictured(node: OnnxTranslation, value: string, axes: number): string {
  return axes === 2 ? value : node.add('ExpandDims', [value, node.addInts(2)]);
}

function withFloatBias(node: OnnxTranslation, sum: string): string {
  return node.add('BiasAdd', [sum, asFloats(node, node.input(8))], { data_format: 'NCHW' });
}

const product: OnnxRule = (node) => {
  const rank = node.rank(0);
  const sum = multiply(
    node,
    centred(node, 0, 2, Math.max(0, rank - 2)),
    centred(node, 3, 5, node.rank(3) - 1),
  );
  const factor = factorOf(node, 1, 4, 6);
  const scaled = node.add('Mul', [sum, alongAxis(node, factor, rank, rank - 1)]);
  const zero = alongAxis(node, asFloats(node, node.input(7)), rank, rank - 1);
  return saturate(node, scaled, zero, node.type(7));
};

const wholeConvolution: OnnxRule = (node) => {
  const given = picturesOf(node);
  const x = { ...given, reference: pictured(node, centred(node, 0, 2, 0), given.axes) };
  return node.cast(asGiven(node, given, convolve(node, x, centred(node, 1, 3, 0))), 'int32');
};

const wholeProduct: OnnxRule = (node) => {
  const left = centred(node, 0, 2, Math.max(0, node.rank(0) - 2));
  return node.cast(multiply(node, left, centred(node, 1, 3, node.rank(1) - 1)), 'int32');
};

/** Scale and zero point follow from the least and the largest value, 0 among them. */
const dynamic: OnnxRule = (node) => {
  const x = node.input(0);
  const axes = node.addInts(Array.from({ length: node.rank(0) }, (_, axis) => axis));
  const zero = node.addNumber(0);
  const low = node.add('Minimum', [node.add('Min', [x, axes], { keep_dims: false }), zero]);
  const high = node.add('Maximum', [node.add('Max', [x, axes], { keep_dims: false }), zero]);
  const scale = node.add('RealDiv', [node.add('Sub', [high, low]), node.addNumber(255)]);
  const start = node.add('Round', [node.add('RealDiv', [node.add('Sub', [zero, low]), scale])]);
  const point = node.add('ClipByValue', [start, node.addNumber(0), node.addNumber(255)]);
  const result = saturate(node, node.add('RealDiv', [x, scale]), point, 'uint8');
  return [result, scale, node.cast(point, 'uint8')];
};

export const quantisationRules: Readonly<Record<string, OnnxRule>> = {
  QuantizeLinear: quantize,
  DequantizeLinear: dequantize,
  DynamicQuantizeLinear: dynamic,
  QLinearConv: convolution,
  QLinearMatMul: product,
  ConvInteger: wholeConvolution,
  MatMulInteger: wholeProduct,
};

/** The floats of the operand whose value stands at an index, with its scale and zero point behind. */
export function dequantised(node: OnnxTranslation, index: number): string {
  return node.add('Mul', [centred(node, index, index + 2, 0), node.input(index + 1)]);
}

/** @param scale index of the result's scale; its zero point stands behind. */
export function requantised(node: OnnxTranslation, value: string, scale: number): string {
  const quotient = node.add('RealDiv', [value, node.input(scale)]);
  const zero = node.has(scale + 1) ? asFloats(node, node.input(scale + 1)) : undefined;
  return saturate(node, quotient, zero, node.has(scale + 1) ? node.type(scale + 1) : node.type(0));
}

/** Inputs: value, scale and zero point of each operand, then scale and zero point of the result. */
export function quantised(
  operands: number,
  compute: (node: OnnxTranslation, values: readonly string[]) => string,
): OnnxRule {
  return (node) => {
    const values = Array.from({ length: operands }, (_, at) => dequantised(node, 3 * at));
    return requantised(node, compute(node, values), 3 * operands);
  };
}
