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
  disposeData(dataId: TensorInfo['dataId']): boolean;
}

/** What a kernel is called with: tensors by name, attributes, the backend. */
export type KernelCall = Parameters<KernelFunc>[0];

const backendName = 'wasm';

/**
 * To be called once, after the backend has started: the stock kernel must be set up.
 *
 * @param ours gives undefined where the stock kernel has to do it. It may call the stock kernel itself.
 */
export function replaceKernel(
  kernelName: string,
  ours: (call: KernelCall, stock: KernelFunc) => ReturnType<KernelFunc> | undefined,
): void {
  const stock = getKernel(kernelName, backendName);
  unregisterKernel(kernelName, backendName);
  registerKernel({
    ...stock,
    kernelFunc: (call) => ours(call, stock.kernelFunc) ?? stock.kernelFunc(call),
  });
}

/** Adds a kernel that tfjs does not have, for ops of {@link addConverterOps}. */
export function addKernel(kernelName: string, kernelFunc: KernelFunc): void {
  registerKernel({ kernelName, backendName, kernelFunc });
}

/** One tensor that the kernel was called with. @throws Error where the converter has passed none. */
export function tensorOf({ inputs }: KernelCall, name: string): TensorInfo {
  const tensor = inputs[name];
  if (tensor === undefined) throw new Error(`a kernel was called without its input '${name}'`);
  return tensor;
}

/** What a kernel gave that gives one tensor. */
export function onlyTensor(result: ReturnType<KernelFunc>): TensorInfo {
  if (Array.isArray(result)) throw new Error('a kernel gave several tensors where one belongs');
  return result;
}
