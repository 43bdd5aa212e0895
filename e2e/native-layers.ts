/**
 * `.model` files with every kind of layer, written field by field, so that they do
 * not rest on the project's writer.
 */
import type { Field } from '../src/model/native/native-file.test-support.ts';
import { nativeFile, operand } from '../src/model/native/native-file.test-support.ts';

/** Fields of a layer that reads operand `from` and writes operand `to`. */
export type LayerAt = (from: number, to: number) => Field[];

export const [valid, same, clamped] = [0, 1, 2];
export const [relu, tanh, sigmoid, none, leaky] = [0, 1, 2, 3, 4];
export const [reflect, symmetric] = [1, 2];
export const [sub, add, mul, div, minimum, floorMod] = [0, 1, 2, 3, 4, 5];

/** Numbers from -1 to 1 that depend on the seed alone. */
function numbers(count: number, seed: number): number[] {
  let state = seed * 2654435761;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

const floats = (values: readonly number[]): Field[] => values.map((f) => ({ f }));

interface Weighted {
  readonly depth: number;
  readonly outputs: number;
  readonly activation?: number;
  readonly bias?: boolean;
}

interface Convolution extends Weighted {
  readonly size: number;
  readonly padding?: number;
  readonly dilation?: number;
}

/** Weights that keep the size of the values, with a positive mean so that pictures stay pictures. */
function weights(count: number, sums: number, seed: number): Field[] {
  const scale = 1.7 / Math.sqrt(sums);
  return floats(numbers(count, seed).map((value) => value * scale + 0.5 / sums));
}

function biases(outputs: number, seed: number): Field[] {
  return floats(numbers(outputs, seed + 100).map((value) => value / 8));
}

export function conv(options: Convolution): LayerAt {
  const { depth, outputs, size, padding = same, dilation = 1, activation = none, bias = true } = options;
  const sums = size * size * depth;
  return (from, to) => [
    ...[1, dilation, padding, activation, depth, outputs, size, bias ? 1 : 0],
    ...weights(outputs * sums, sums, from + size),
    ...(bias ? biases(outputs, from) : []),
    ...[from, to],
  ];
}

export function dense({ depth, outputs, activation = none, bias = true }: Weighted): LayerAt {
  return (from, to) => [
    ...[8, activation, depth, outputs, bias ? 1 : 0],
    ...weights(outputs * depth, depth, from + 1),
    ...(bias ? biases(outputs, from) : []),
    ...[from, to],
  ];
}

export const depthToSpace =
  (block: number): LayerAt =>
  (from, to) => [2, block, from, to];

/** @param amounts rows before and after, columns before and after. */
export const pad =
  (mode: number, ...amounts: readonly [number, number, number, number]): LayerAt =>
  (from, to) => [3, mode, 0, 0, ...amounts, 0, 0, from, to];

export const maximum =
  (y: number): LayerAt =>
  (from, to) => [4, { f: y }, from, to];

/** The number stands on the left. */
export const numberWith =
  (op: number, number: number): LayerAt =>
  (from, to) => [5, op, 1, { f: number }, 0, from, to];

export const withNumber =
  (op: number, number: number): LayerAt =>
  (from, to) => [5, op, 0, from, 1, { f: number }, to];

export const withOperand =
  (op: number, other: number): LayerAt =>
  (from, to) => [5, op, 0, from, 0, other, to];

export const avgPool =
  (size: number, stride: number, padding: number): LayerAt =>
  (from, to) => [7, stride, padding, size, from, to];

/** One layer after another: input `x` is operand 0, output `y` the last one. */
export function chain(channels: number, ...layers: readonly LayerAt[]): Uint8Array {
  const open = [-1, -1, -1, -1];
  return nativeFile(
    layers.map((layer, index) => layer(index, index + 1)),
    [
      operand(0, 'x', 1, [1, -1, -1, channels]),
      ...layers.map((_, index) =>
        index + 1 === layers.length
          ? operand(index + 1, 'y', 2, open)
          : operand(index + 1, `o${index + 1}`, 3, open),
      ),
    ],
  );
}

/** Of each math_unary operation in turn: the factor and the number added that bring 0 … 1 into its domain. */
export const unaryDomains: readonly (readonly [number, number])[] = [
  [2, -1], // Abs
  [9, -4], // Sin
  [9, -4], // Cos
  [2.4, -1.2], // Tan
  [1.9, -0.95], // Asin
  [1.9, -0.95], // Acos
  [9, -4], // Atan
  [3, -1.5], // Sinh
  [3, -1.5], // Cosh
  [5, -2.5], // Tanh
  [9, -4], // Asinh
  [5, 1], // Acosh
  [1.9, -0.95], // Atanh
  [9, -4], // Ceil
  [9, -4], // Floor
  [9, -4], // Round
  [4, -2], // Exp
];

/** The mean of all unary operations, each of its own stretch of the picture's values. */
function unaries(channels: number): Uint8Array {
  const layers: Field[][] = [];
  const names = ['x'];
  const next = (): number => names.push(`o${names.length}`) - 1;
  let sum = 0;
  for (const [op, [factor, offset]] of unaryDomains.entries()) {
    const [scaled, moved, value, total] = [next(), next(), next(), next()];
    layers.push(withNumber(mul, factor)(0, scaled), withNumber(add, offset)(scaled, moved));
    layers.push([6, op, moved, value]);
    // The first sum has the picture itself in it.
    layers.push(withOperand(add, value)(sum, total));
    sum = total;
  }
  names.push('y');
  layers.push(numberWith(mul, 1 / (unaryDomains.length + 1))(sum, names.length - 1));
  const roles = names.map((_, index) => (index === 0 ? 1 : index === names.length - 1 ? 2 : 3));
  const open = [-1, -1, -1, -1];
  return nativeFile(
    layers,
    names.map((name, index) =>
      operand(index, name, roles[index]!, index === 0 ? [1, -1, -1, channels] : open),
    ),
  );
}

/** Networks from `channels` to as many channels, by name; together they have every layer with every mode. */
export function nativeNetworks(channels: number): Readonly<Record<string, Uint8Array>> {
  const c = channels;
  return {
    activations: chain(
      c,
      conv({ depth: c, outputs: 9, size: 5, activation: tanh }),
      conv({ depth: 9, outputs: 16, size: 3, activation: relu }),
      conv({ depth: 16, outputs: 6, size: 3, activation: leaky, bias: false }),
      conv({ depth: 6, outputs: c, size: 1, activation: sigmoid }),
    ),
    'twice the size': chain(
      c,
      conv({ depth: c, outputs: 12, size: 5, padding: clamped, activation: tanh }),
      conv({ depth: 12, outputs: 8, size: 3, padding: clamped, activation: tanh }),
      conv({ depth: 8, outputs: 4 * c, size: 3, padding: clamped }),
      depthToSpace(2),
    ),
    'three times the size': chain(c, conv({ depth: c, outputs: 9 * c, size: 3 }), depthToSpace(3)),
    dilations: chain(
      c,
      conv({ depth: c, outputs: 5, size: 3, dilation: 2, activation: leaky }),
      conv({ depth: 5, outputs: 5, size: 3, dilation: 5, padding: clamped, activation: leaky }),
      conv({ depth: 5, outputs: c, size: 3, dilation: 3, padding: valid }),
    ),
    'even kernels': chain(
      c,
      conv({ depth: c, outputs: 4, size: 2, padding: valid }),
      conv({ depth: 4, outputs: 4, size: 4, padding: same, activation: relu }),
      conv({ depth: 4, outputs: 4, size: 2, padding: clamped }),
      conv({ depth: 4, outputs: c, size: 4, padding: valid, dilation: 2 }),
    ),
    pads: chain(
      c,
      pad(reflect, 3, 1, 2, 4),
      conv({ depth: c, outputs: 4, size: 5, padding: valid, activation: tanh }),
      pad(symmetric, 1, 2, 3, 0),
      conv({ depth: 4, outputs: c, size: 3, padding: valid }),
    ),
    pools: chain(c, avgPool(3, 1, same), avgPool(2, 1, valid), avgPool(4, 2, same)),
    dense: chain(
      c,
      dense({ depth: c, outputs: 7, activation: tanh }),
      dense({ depth: 7, outputs: 5, activation: leaky, bias: false }),
      dense({ depth: 5, outputs: 6, activation: sigmoid }),
      dense({ depth: 6, outputs: c, activation: relu }),
    ),
    'math of two': chain(
      c,
      withNumber(sub, 0.25),
      numberWith(sub, 0.9),
      withOperand(mul, 0),
      numberWith(add, 0.125),
      maximum(0.2),
      withNumber(div, 0.7),
      numberWith(div, 0.5),
      numberWith(minimum, 1.4),
      withOperand(add, 1),
      withNumber(mul, 20),
      withNumber(floorMod, 7),
      withNumber(mul, 0.07),
      withOperand(add, 0),
    ),
    'math of one': unaries(c),
  };
}
