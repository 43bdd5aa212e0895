/** Puts the functions of unary-functions.ts and binary-functions.ts into tfjs-backend-wasm. */
import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core';
import { addedBinaryKernels, binaryKernels, type BinaryKernel } from './binary-functions.ts';
import { BroadcastWalk } from './broadcast.ts';
import { addKernel, replaceKernel, tensorOf, type KernelCall, type TensorHeap } from './replace-kernel.ts';
import { unaryKernels, type UnaryKernel } from './unary-functions.ts';

/** To be called once, after the backend has started. */
export function replaceElementwise(): void {
  for (const [name, kernel] of Object.entries(unaryKernels)) {
    replaceKernel(name, (call) => unary(kernel, call));
  }
  for (const [name, kernel] of Object.entries(binaryKernels)) {
    replaceKernel(name, (call) => binary(kernel, call));
  }
  for (const [name, kernel] of Object.entries(addedBinaryKernels)) {
    addKernel(name, (call) => {
      const result = binary(kernel, call);
      if (result !== undefined) return result;
      throw new Error(`${name} takes no ${tensorOf(call, 'a').dtype}`);
    });
  }
}

/** Undefined for a type that the stock kernel has to do. */
function unary(kernel: UnaryKernel, call: KernelCall): TensorInfo | undefined {
  const x = tensorOf(call, 'x');
  const run = x.dtype === 'float32' || x.dtype === 'int32' ? kernel[x.dtype] : undefined;
  if (run === undefined) return undefined;
  const wasm = call.backend as TensorHeap;
  const output = wasm.makeOutput(x.shape, x.dtype);
  run(wasm.typedArrayFromHeap(x), wasm.typedArrayFromHeap(output), call.attrs ?? {});
  return output;
}

/** Runs a kernel with broadcasting; undefined for types that it does not take. */
export function binary(kernel: BinaryKernel, call: KernelCall): TensorInfo | undefined {
  const [a, b] = [tensorOf(call, 'a'), tensorOf(call, 'b')];
  const run = a.dtype === 'float32' || a.dtype === 'int32' ? kernel[a.dtype] : undefined;
  if (run === undefined || a.dtype !== b.dtype) return undefined;
  const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const wasm = call.backend as TensorHeap;
  const output = wasm.makeOutput(shape, a.dtype);
  const walk = new BroadcastWalk(shape, a.shape, b.shape);
  const { count, aStep, bStep } = walk;
  walk.forEachRun(
    run({
      a: wasm.typedArrayFromHeap(a),
      b: wasm.typedArrayFromHeap(b),
      to: wasm.typedArrayFromHeap(output),
      count,
      aStep,
      bStep,
    }),
  );
  return output;
}
