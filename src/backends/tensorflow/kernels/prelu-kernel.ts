/** Prelu for tfjs-backend-wasm with slopes that are not one a channel. */
import { backend_util, util, type KernelFunc, type TensorInfo, type TypedArray } from '@tensorflow/tfjs-core';
import { BroadcastWalk } from './broadcast.ts';
import { onlyTensor, replaceKernel, tensorOf, type KernelCall, type TensorHeap } from './replace-kernel.ts';

/** Kernels with an activation of their own, which applies Prelu in the same way as the kernel Prelu. */
const fusedKernels = ['FusedConv2D', 'FusedDepthwiseConv2D', '_FusedMatMul'];

/**
 * The stock ones walk through the slopes over and over, which is right only where their shape is the end of
 * the input's. Keras shares slopes along any axes (PReLU's `shared_axes`): `[h, 1, 1]`, `[1, w, 1]`.
 */
export function replacePrelu(): void {
  replaceKernel('Prelu', prelu);
  for (const name of fusedKernels) replaceKernel(name, fusedPrelu);
}

function prelu(call: KernelCall): TensorInfo | undefined {
  const [x, alpha] = [tensorOf(call, 'x'), tensorOf(call, 'alpha')];
  if (x.dtype !== 'float32' || isEnd(alpha.shape, x.shape)) return undefined;
  const wasm = call.backend as TensorHeap;
  const output = wasm.makeOutput(x.shape, 'float32');
  slope(wasm.typedArrayFromHeap(x), x.shape, wasm.typedArrayFromHeap(output), alpha, wasm);
  return output;
}

function fusedPrelu(call: KernelCall, stock: KernelFunc): TensorInfo | undefined {
  const alpha = call.inputs['preluActivationWeights'];
  if (call.attrs?.['activation'] !== 'prelu' || alpha === undefined) return undefined;
  // One a channel, or one for all.
  if (alpha.shape.slice(0, -1).every((size) => size === 1)) return undefined;
  // With slopes the stock kernel's result stands in a buffer of its own until they are applied.
  const inputs = { ...call.inputs, preluActivationWeights: undefined };
  const result = onlyTensor(stock({ ...call, inputs, attrs: { ...call.attrs, activation: 'linear' } }));
  const wasm = call.backend as TensorHeap;
  const values = wasm.typedArrayFromHeap(result);
  slope(values, result.shape, values, alpha, wasm);
  return result;
}

/** x where it is not below 0, else alpha · x; `to` may be `from`. */
function slope(
  from: TypedArray,
  shape: readonly number[],
  to: TypedArray,
  alpha: TensorInfo,
  wasm: TensorHeap,
): void {
  const broadcast = backend_util.assertAndGetBroadcastShape([...shape], alpha.shape);
  if (!util.arraysEqual(broadcast, [...shape])) {
    throw new Error(`Prelu has slopes of shape [${alpha.shape.join(', ')}] for [${shape.join(', ')}]`);
  }
  const slopes = wasm.typedArrayFromHeap(alpha);
  const walk = new BroadcastWalk(shape, shape, alpha.shape);
  const { count, bStep } = walk;
  walk.forEachRun((start, _, bStart) => {
    for (let i = start, at = bStart; i < start + count; i++, at += bStep) {
      const value = from[i]!;
      to[i] = value < 0 ? value * slopes[at]! : value;
    }
  });
}

/** Whether a shape, without its leading ones, is what the other one ends with. */
function isEnd(shape: readonly number[], whole: readonly number[]): boolean {
  const first = shape.findIndex((size) => size !== 1);
  const own = first < 0 ? [] : shape.slice(first);
  return own.length <= whole.length && own.every((size, axis) => size === whole.at(axis - own.length));
}
