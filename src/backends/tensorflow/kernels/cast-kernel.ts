/** A Cast for tfjs-backend-wasm whose truth values are right: the stock one makes 0.5 false and 256 false. */
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { replaceKernel, type TensorHeap } from './replace-kernel.ts';

/**
 * The stock one copies numbers into bytes and so keeps the whole part's last eight bits. TensorFlow's cast to
 * bool is `x != 0` (cast_op.h); detection graphs ask with it whether a box has an area.
 */
export function replaceCast(): void {
  replaceKernel('Cast', castToBool);
}

/** Undefined for a cast to another type. */
function castToBool(call: Parameters<KernelFunc>[0]): TensorInfo | undefined {
  const x = call.inputs['x'];
  const { dtype } = call.attrs as { dtype: string };
  if (dtype !== 'bool' || x === undefined || Array.isArray(x)) return undefined;
  const wasm = call.backend as TensorHeap;
  const output = wasm.makeOutput(x.shape, dtype);
  const [from, to] = [wasm.typedArrayFromHeap(x), wasm.typedArrayFromHeap(output)];
  for (let i = 0; i < to.length; i++) to[i] = from[i] === 0 ? 0 : 1;
  return output;
}
