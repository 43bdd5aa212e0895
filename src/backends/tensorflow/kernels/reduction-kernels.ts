/** Reductions for tfjs-backend-wasm: of nothing, and means of integers. */
import { getKernel, util, type KernelFunc, type TensorInfo } from '@tensorflow/tfjs-core';
import { onlyTensor, replaceKernel, tensorOf, type KernelCall, type TensorHeap } from './replace-kernel.ts';

/** What TensorFlow gives for no values at all (reduction_ops_common.h). */
const ofNothing: Readonly<Record<string, number>> = {
  Sum: 0,
  Prod: 1,
  Max: -Infinity,
  Min: Infinity,
  Mean: NaN,
  All: 1,
  Any: 0,
};

/** The same where integers have another value for it. */
const integerOfNothing: Readonly<Record<string, number>> = { Max: -(2 ** 31), Min: 2 ** 31 - 1 };

/** The stock ones leave the output as the memory was, and divide sums of integers as floats. */
export function replaceReductions(): void {
  const sum = getKernel('Sum', 'wasm').kernelFunc;
  replaceKernel('Mean', (call) =>
    tensorOf(call, 'x').dtype === 'int32' ? integerMean(call, sum) : undefined,
  );
  for (const [kernel, value] of Object.entries(ofNothing)) {
    replaceKernel(kernel, (call, stock) => {
      const x = tensorOf(call, 'x');
      if (util.sizeFromShape(x.shape) > 0) return undefined;
      const output = onlyTensor(stock(call));
      const integer = output.dtype === 'int32' ? (integerOfNothing[kernel] ?? value) : value;
      (call.backend as TensorHeap).typedArrayFromHeap(output).fill(integer);
      return output;
    });
  }
}

/** TensorFlow's mean of integers is one: a sum that wraps, divided towards 0. */
function integerMean(call: KernelCall, sum: KernelFunc): TensorInfo {
  const x = tensorOf(call, 'x');
  const output = onlyTensor(sum(call));
  const values = (call.backend as TensorHeap).typedArrayFromHeap(output);
  const count = util.sizeFromShape(x.shape) / values.length;
  for (let i = 0; i < values.length; i++) values[i] = Math.trunc(values[i]! / count);
  return output;
}
