/** A Cast for tfjs-backend-wasm whose truth values are right: the stock one makes 0.5 false and 256 false. */
import {
  getKernel,
  registerKernel,
  unregisterKernel,
  type KernelFunc,
  type TensorInfo,
  type TypedArray,
} from '@tensorflow/tfjs-core';

/** What a kernel uses of BackendWasm. */
interface TensorHeap {
  makeOutput(shape: number[], dtype: 'bool'): TensorInfo;
  typedArrayFromHeap(info: TensorInfo): TypedArray;
}

const kernelName = 'Cast';
const backendName = 'wasm';

/**
 * Puts our kernel in front of the stock one, which copies numbers into bytes and so keeps the whole part's last eight
 * bits. TensorFlow's cast to bool is `x != 0` (cast_op.h); detection graphs ask with it whether a box has an area.
 * Called once, after the backend has started.
 */
export function replaceCast(): void {
  const stock = getKernel(kernelName, backendName);
  unregisterKernel(kernelName, backendName);
  registerKernel({ ...stock, kernelFunc: (call) => castToBool(call) ?? stock.kernelFunc(call) });
}

/** Undefined for a cast to another type. */
function castToBool(call: Parameters<KernelFunc>[0]): TensorInfo | undefined {
  const x = call.inputs['x'];
  const { dtype } = call.attrs as { dtype: string };
  if (dtype !== 'bool' || x === undefined || Array.isArray(x)) return undefined;
  const wasm = call.backend as TensorHeap;
  const output = wasm.makeOutput(x.shape, dtype);
  // Views are made after the allocation, which may have moved the memory.
  const [from, to] = [wasm.typedArrayFromHeap(x), wasm.typedArrayFromHeap(output)];
  for (let i = 0; i < to.length; i++) to[i] = from[i] === 0 ? 0 : 1;
  return output;
}
