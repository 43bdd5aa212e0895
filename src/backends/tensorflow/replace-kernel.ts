/** Puts kernels of this project in front of those of tfjs-backend-wasm. */
import {
  getKernel,
  registerKernel,
  unregisterKernel,
  type DataType,
  type KernelFunc,
  type TensorInfo,
  type TypedArray,
} from '@tensorflow/tfjs-core';

/** What our kernels use of BackendWasm. Views are to be made after the outputs, which may move the memory. */
export interface TensorHeap {
  makeOutput(shape: number[], dtype: DataType): TensorInfo;
  typedArrayFromHeap(info: TensorInfo): TypedArray;
}

const backendName = 'wasm';

/**
 * To be called once, after the backend has started: the stock kernel must be set up.
 *
 * @param ours gives undefined where the stock kernel has to do it.
 */
export function replaceKernel(
  kernelName: string,
  ours: (call: Parameters<KernelFunc>[0]) => TensorInfo | undefined,
): void {
  const stock = getKernel(kernelName, backendName);
  unregisterKernel(kernelName, backendName);
  registerKernel({ ...stock, kernelFunc: (call) => ours(call) ?? stock.kernelFunc(call) });
}
