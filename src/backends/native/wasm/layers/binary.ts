/**
 * Functions of two values, AddN and Select, with broadcasting
 * (dnn_backend_native_layer_mathbinary.c and maximum.c).
 */
import { nodeError, stringAttr, typeAttr } from '../../../../graph/node-attrs.ts';
import { isFloatType } from '../../../../graph/tensor-storage.ts';
import type { LayerSpec } from '../../lowering/layer-spec.ts';
import type { LayerFactory } from '../layer.ts';
import { broadcastRows, operandsOf, walkOf } from './broadcast.ts';
import { rowLayer } from './row-layer.ts';
import { unsupported } from './unsupported.ts';
import { wholeCodes, wrap, wrappingType } from './whole-numbers.ts';

/** The numbers of the functions in the kernel `binary` (wasm/assembly/binary-op.ts). */
export const binaryCodes: Readonly<Record<string, number>> = {
  Add: 0,
  AddV2: 0,
  BiasAdd: 0,
  Sub: 1,
  Mul: 2,
  Div: 3,
  RealDiv: 3,
  Maximum: 4,
  Minimum: 5,
  SquaredDifference: 6,
  FloorDiv: 7,
  Greater: 8,
  GreaterEqual: 9,
  Less: 10,
  LessEqual: 11,
  Equal: 12,
  NotEqual: 13,
  LogicalAnd: 14,
  LogicalOr: 15,
  Prelu: 16,
  TruncateDiv: 17,
  DivNoNan: 18,
  Pow: 20,
  FloorMod: 21,
  // This project's own: C's remainder of the whole parts, as FFmpeg's FLOORMOD; 0 where the divisor's is 0.
  FFmpegFloorMod: 22,
  // FFMAX(a, b) and FFMIN(a, b): b and a where a value is NaN.
  FFmpegMaximum: 25,
  FFmpegMinimum: 26,
  Mod: 23,
  TruncateMod: 23,
  Atan2: 24,
};

/** The quotient without its fraction: that of whole numbers. */
export const truncatingDivision = 17;

function codeOf(spec: LayerSpec): number {
  const { node } = spec;
  const code = binaryCodes[node.op];
  if (code === undefined) throw unsupported(node, 'is not a function of two values');
  if (node.op === 'BiasAdd' && stringAttr(node, 'data_format', 'NHWC') !== 'NHWC') {
    throw unsupported(node, 'has data_format NCHW');
  }
  const type = typeAttr(node, 'T');
  const whole = type !== undefined && !isFloatType(type);
  if (whole && (node.op === 'Div' || node.op === 'RealDiv')) return truncatingDivision;
  return wrappingType(node) === undefined ? code : (wholeCodes[node.op] ?? code);
}

export const binaryLayer: LayerFactory = (spec, context) => {
  const code = codeOf(spec);
  const operands = operandsOf(spec, context);
  const [a, b] = operands;
  if (a === undefined || b === undefined || operands.length > 2) {
    throw nodeError(spec.node, `takes two inputs, not ${operands.length}`);
  }
  const { outer, inner, steps } = walkOf(spec.output, operands);
  const [one, other] = [steps[0]!, steps[1]!];
  const narrow = code === wholeCodes[spec.node.op] ? wrappingType(spec.node) : undefined;
  return rowLayer(spec, {
    inputRows: broadcastRows(spec),
    row(y, dest, address) {
      const [first, second] = [a.rowOf(y, address), b.rowOf(y, address)];
      const [a1, a2, b1, b2] = [one.outer, one.inner, other.outer, other.inner];
      context.kernels.binary(code, first, second, dest, outer, inner, a1, a2, b1, b2);
      wrap(context.kernels, narrow, dest, outer * inner);
    },
  });
};

/** Adds any number of inputs, the first ones first. */
export const addNLayer: LayerFactory = (spec, context) => {
  const [first, ...others] = operandsOf(spec, context);
  if (first === undefined) throw nodeError(spec.node, 'has no inputs');
  const { width, channels } = spec.output;
  const count = width * channels;
  if ([first, ...others].some(({ size }) => size.width !== width || size.channels !== channels)) {
    throw nodeError(spec.node, 'adds inputs of different sizes');
  }
  const type = wrappingType(spec.node);
  const add = (type === undefined ? binaryCodes : wholeCodes)['Add']!;
  return rowLayer(spec, {
    inputRows: broadcastRows(spec),
    row(y, dest, address) {
      context.kernels.copyFloats(first.rowOf(y, address), dest, count);
      for (const operand of others) {
        context.kernels.binary(add, dest, operand.rowOf(y, address), dest, 1, count, 0, 1, 0, 1);
      }
      wrap(context.kernels, type, dest, count);
    },
  });
};

export const selectLayer: LayerFactory = (spec, context) => {
  const operands = operandsOf(spec, context);
  const [condition, a, b] = operands;
  if (condition === undefined || a === undefined || b === undefined) {
    throw nodeError(spec.node, `takes three inputs, not ${operands.length}`);
  }
  const { outer, inner, steps } = walkOf(spec.output, operands);
  const inners = steps.reduce((bits, step, index) => bits | (step.inner << index), 0);
  const [first, second, third] = steps.map((step) => step.outer) as [number, number, number];
  return rowLayer(spec, {
    inputRows: broadcastRows(spec),
    row(y, dest, address) {
      const [mask, one, other] = [condition.rowOf(y, address), a.rowOf(y, address), b.rowOf(y, address)];
      context.kernels.select(mask, one, other, dest, outer, inner, first, second, third, inners);
    },
  });
};
