/** Casts that tfjs-backend-wasm lacks: truth values that are right, and integers as TensorFlow makes them. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { addKernel, replaceKernel, tensorOf, type KernelCall, type TensorHeap } from './replace-kernel.ts';

/** The added kernel: to an integer of `bits` bits, `signed` or not, held in int32. */
export const narrowCast = 'NarrowCast';

/**
 * The stock Cast copies numbers into bytes and so keeps the whole part's last eight bits: it makes 0.5 false
 * and 256 false. TensorFlow's cast to bool is `x != 0` (cast_op.h); detection graphs ask with it whether a
 * box has an area. Numbers beyond 32 bits, and NaN, become -2^31, as on most processors that TensorFlow runs
 * on (cvttss2si). tfjs has no types below 32 bits.
 */
export function replaceCast(): void {
  replaceKernel('Cast', (call) => castToBool(call) ?? castToInteger(call));
  addKernel(narrowCast, castToNarrow);
}

/** Undefined for a cast to another type. */
function castToBool(call: KernelCall): TensorInfo | undefined {
  const x = tensorOf(call, 'x');
  const { dtype } = call.attrs as { dtype: string };
  if (dtype !== 'bool') return undefined;
  const wasm = call.backend as TensorHeap;
  const output = wasm.makeOutput(x.shape, dtype);
  const [from, to] = [wasm.typedArrayFromHeap(x), wasm.typedArrayFromHeap(output)];
  for (let i = 0; i < to.length; i++) to[i] = from[i] === 0 ? 0 : 1;
  return output;
}

const least = -(2 ** 31);

/** The whole part. */
function integerOf(value: number): number {
  return value >= least && value < -least ? Math.trunc(value) : least;
}

/** Undefined for another cast than from floats to int32. */
function castToInteger(call: KernelCall): TensorInfo | undefined {
  const x = tensorOf(call, 'x');
  if (call.attrs?.['dtype'] !== 'int32' || x.dtype !== 'float32') return undefined;
  const wasm = call.backend as TensorHeap;
  const output = wasm.makeOutput(x.shape, 'int32');
  const [from, to] = [wasm.typedArrayFromHeap(x), wasm.typedArrayFromHeap(output)];
  for (let i = 0; i < to.length; i++) to[i] = integerOf(from[i]!);
  return output;
}

/** The whole part's last bits, as a processor of two's complement keeps them. */
function castToNarrow(call: KernelCall): TensorInfo {
  const x = tensorOf(call, 'x');
  const { bits, signed } = call.attrs as { bits: number; signed: boolean };
  const wasm = call.backend as TensorHeap;
  const output = wasm.makeOutput(x.shape, 'int32');
  const [from, to] = [wasm.typedArrayFromHeap(x), wasm.typedArrayFromHeap(output)];
  const unused = 32 - bits;
  for (let i = 0; i < to.length; i++) {
    const high = integerOf(from[i]!) << unused;
    to[i] = signed ? high >> unused : high >>> unused;
  }
  return output;
}
