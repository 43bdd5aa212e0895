/** Functions of one value that tfjs-backend-wasm computes otherwise than TensorFlow. */
import type { TypedArray } from '@tensorflow/tfjs-core';

/** Computes `to` from `from`, value by value; both are of one type and length. */
export type UnaryRun = (from: TypedArray, to: TypedArray, attrs: Readonly<Record<string, unknown>>) => void;

/** What a kernel computes, by the type of its input; the stock one does the others. */
export interface UnaryKernel {
  readonly float32?: UnaryRun;
  readonly int32?: UnaryRun;
}

function each(compute: (value: number) => number): UnaryRun {
  return (from, to) => {
    for (let i = 0; i < to.length; i++) to[i] = compute(from[i]!);
  };
}

const sign = each(Math.sign);

const clip: UnaryRun = (from, to, attrs) => {
  const [least, most] = [Number(attrs['clipValueMin']), Number(attrs['clipValueMax'])];
  each((value) => Math.min(Math.max(value, least), most))(from, to, attrs);
};

/**
 * By tfjs's name. What is wrong with the stock ones: Sign is 0 near 0 and for NaN; Log1p adds 1 first; Sin is
 * off by 2e-7 near 0, and Cos far away; Abs, Neg and the clamps take integers for floats, which rounds or
 * breaks them.
 */
export const unaryKernels: Readonly<Record<string, UnaryKernel>> = {
  Sign: { float32: sign, int32: sign },
  Log1p: { float32: each(Math.log1p) },
  Sin: { float32: each(Math.sin) },
  Cos: { float32: each(Math.cos) },
  Abs: { int32: each(Math.abs) },
  Neg: { int32: each((value) => -value) },
  Relu6: { int32: each((value) => Math.min(Math.max(value, 0), 6)) },
  ClipByValue: { int32: clip },
};
