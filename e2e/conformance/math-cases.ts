/** Arithmetic layers of a `.model` file, on float frames. */
import { binaryOps, unaryOps } from '../../src/model/native/native-model.ts';
import { nativeFile, operand, type Field } from '../../src/model/native/native-file.test-support.ts';
import {
  add,
  chain,
  conv,
  maximum,
  minimum,
  mul,
  numberWith,
  unaryDomains,
  withNumber,
  withOperand,
} from '../native-layers.ts';
import { odd, type PictureCase } from './picture-case.ts';

function onFloats(title: string, rows: readonly string[], model: Uint8Array): PictureCase {
  // Where FFmpeg's native backend differs from TensorFlow, only the native backend here follows it.
  const isOwn = rows.some((row) => /:FFmpeg|:round-half$|:nan$/.test(row));
  return {
    title,
    rows,
    format: 'grayf32le',
    size: odd,
    model,
    ...(isOwn ? { backends: ['native'] as const } : {}),
  };
}

const binaryCases: readonly PictureCase[] = binaryOps.map((name, op) =>
  onFloats(
    `math_binary ${name}: constant first, second, and two operands`,
    [
      'layer:math_binary',
      `math_binary:${name}`,
      'math_binary:left',
      'math_binary:right',
      'math_binary:operands',
      ...(name === 'FFmpegFloorMod' ? ['math_binary:floormod-sign'] : []),
    ],
    chain(
      1,
      // FFmpeg asks for the size of the result with a run on uninitialised memory, where a divisor may be 0.
      maximum(0),
      numberWith(minimum, 1),
      // -10 to 10; then a divisor from 2.5 to 22.5.
      withNumber(mul, 20),
      withNumber(add, -10),
      withNumber(op, 4.3),
      withNumber(mul, 0.3),
      (_, to) => [5, add, 0, 4, 1, { f: 12.5 }, to],
      numberWith(op, 17.9),
      withOperand(add, 6),
      (_, to) => [5, op, 0, 4, 0, 7, to],
      withOperand(add, 9),
    ),
  ),
);

/** Sums of three operations each, all of the same picture. */
function unariesOf(first: number): Uint8Array {
  const layers: Field[][] = [];
  const names = ['x'];
  const next = (): number => names.push(`o${names.length}`) - 1;
  let sum: number | undefined;
  for (const [offset, [factor, moved]] of unaryDomains.slice(first, first + 3).entries()) {
    const [scaled, placed, value] = [next(), next(), next()];
    layers.push(withNumber(mul, factor)(0, scaled), withNumber(add, moved)(scaled, placed));
    layers.push([6, first + offset, placed, value]);
    if (sum === undefined) sum = value;
    else {
      const total = next();
      layers.push(withOperand(add, value)(sum, total));
      sum = total;
    }
  }
  const last = next();
  names[last] = 'y';
  layers.push(withNumber(mul, 1)(sum!, last));
  return nativeFile(
    layers,
    names.map((name, index) =>
      operand(index, name, index === 0 ? 1 : index === last ? 2 : 3, [1, -1, -1, index === 0 ? 1 : -1]),
    ),
  );
}

const unaryCases: readonly PictureCase[] = [0, 3, 6, 9, 12, 15].map((first) => {
  const names = unaryOps.slice(first, first + 3);
  return onFloats(
    `math_unary ${names.join(' + ')}`,
    ['layer:math_unary', ...names.map((name) => `math_unary:${name}`)],
    unariesOf(first),
  );
});

const [asin, round] = [unaryOps.indexOf('Asin'), unaryOps.indexOf('FFmpegRound')];
const unary =
  (op: number) =>
  (from: number, to: number): Field[] => [6, op, from, to];

const valueCases: readonly PictureCase[] = [
  onFloats('maximum 0.2', ['layer:maximum'], chain(1, conv({ depth: 1, outputs: 1, size: 3 }), maximum(0.2))),
  onFloats(
    'arcsine beyond its domain',
    ['math_unary:nan'],
    chain(1, withNumber(mul, 3), withNumber(add, -1), unary(asin)),
  ),
  onFloats(
    'the maximum of NaN',
    ['maximum:nan'],
    chain(1, withNumber(mul, 3), withNumber(add, -1), unary(asin), maximum(-9)),
  ),
  {
    ...onFloats(
      'halves',
      ['math_unary:round-half'],
      // Multiples of 1/255 become multiples of a half, from -31.875 on: exact where the byte is.
      chain(1, withNumber(mul, 255), unary(round), withNumber(mul, 0.5), withNumber(add, -32), unary(round)),
    ),
    tolerance: { largest: 0, identical: 1 },
  },
];

export const mathCases: readonly PictureCase[] = [...binaryCases, ...unaryCases, ...valueCases];
