/** Functions of two values that tfjs-backend-wasm lacks, or computes otherwise than TensorFlow. */
import type { TypedArray } from '@tensorflow/tfjs-core';

/** The values of both operands and of the output, and how a run walks through them (BroadcastWalk). */
export interface BinaryOperands {
  readonly a: TypedArray;
  readonly b: TypedArray;
  readonly to: TypedArray;
  readonly count: number;
  readonly aStep: number;
  readonly bStep: number;
}

/** Gives what computes one run from the indices of its first values. */
export type BinaryRun = (operands: BinaryOperands) => (start: number, aStart: number, bStart: number) => void;

/** What a kernel computes, by the type of both inputs; the stock one does the others. */
export interface BinaryKernel {
  readonly float32?: BinaryRun;
  readonly int32?: BinaryRun;
}

/** Calls a function for each pair of values. */
export function each(compute: (a: number, b: number) => number): BinaryRun {
  return ({ a, b, to, count, aStep, bStep }) =>
    (start, aStart, bStart) => {
      for (let i = start, p = aStart, q = bStart; i < start + count; i++, p += aStep, q += bStep) {
        to[i] = compute(a[p]!, b[q]!);
      }
    };
}

/** TensorFlow fails, too. */
function divisor(value: number): number {
  if (value === 0) throw new Error('an integer is divided by zero');
  return value;
}

/** The divisor's sign (google_floor_fmod in cwise_ops.h). */
function floorMod(a: number, b: number): number {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

function integerPower(base: number, exponent: number): number {
  if (exponent < 0) throw new Error('an integer is raised to a negative power');
  let power = 1;
  for (let square = base, rest = exponent; rest > 0; rest >>>= 1) {
    if (rest % 2 === 1) power = Math.imul(power, square);
    square = Math.imul(square, square);
  }
  return power;
}

/**
 * By tfjs's name. What is wrong with the stock ones: their Mod adds the divisor before it takes the rest, so
 * that small numbers are lost; they divide integers, and raise them, as floats.
 */
export const binaryKernels: Readonly<Record<string, BinaryKernel>> = {
  Mod: { float32: each(floorMod), int32: each((a, b) => floorMod(a, divisor(b))) },
  FloorDiv: { int32: each((a, b) => Math.floor(a / divisor(b))) },
  Pow: { int32: each(integerPower) },
};

/** Kernels that tfjs does not have, for ops of converter-additions.ts: division that cuts towards 0. */
export const addedBinaryKernels: Readonly<Record<string, BinaryKernel>> = {
  TruncateMod: { float32: each((a, b) => a % b), int32: each((a, b) => a % divisor(b)) },
  TruncateDiv: {
    float32: each((a, b) => Math.trunc(Math.fround(a / b))),
    int32: each((a, b) => Math.trunc(a / divisor(b))),
  },
};
