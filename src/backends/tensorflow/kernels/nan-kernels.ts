/** NaN stays NaN in kernels of tfjs-backend-wasm that turn it into a number. */
import type { KernelFunc, TensorInfo, TypedArray } from '@tensorflow/tfjs-core';
import { each } from './binary-functions.ts';
import { binary } from './elementwise-kernels.ts';
import { onlyTensor, replaceKernel, tensorOf, type KernelCall, type TensorHeap } from './replace-kernel.ts';

/**
 * XNNPACK's bounds turn NaN into the lower one, and its Relu a NaN whose sign is set into 0; Maximum and
 * Minimum drop a NaN in `b`. TensorFlow keeps it (Eigen::PropagateNaN). Activations that are fused with a
 * convolution lose it in the same way: to look for it there would cost too much.
 */
export function keepNaN(): void {
  for (const name of ['Relu', 'Relu6', 'ClipByValue']) replaceKernel(name, bounded);
  for (const name of ['MaxPool', 'AvgPool']) replaceKernel(name, pooled);
  const [maximum, minimum] = [{ float32: each(Math.max) }, { float32: each(Math.min) }];
  replaceKernel('Maximum', (call) => (takesNaN(call, 'b') ? binary(maximum, call) : undefined));
  replaceKernel('Minimum', (call) => (takesNaN(call, 'b') ? binary(minimum, call) : undefined));
}

/** Undefined where there is no NaN, as of {@link pooled}. */
function bounded(call: KernelCall, stock: KernelFunc): TensorInfo | undefined {
  if (!takesNaN(call, 'x')) return undefined;
  const wasm = call.backend as TensorHeap;
  const result = onlyTensor(stock(call));
  markNaN(wasm.typedArrayFromHeap(result), wasm.typedArrayFromHeap(tensorOf(call, 'x')), Number.isNaN);
  return result;
}

/** Pools the picture, and once more one that is 1 where it is NaN: a window above 0 holds one. */
function pooled(call: KernelCall, stock: KernelFunc): TensorInfo | undefined {
  if (!takesNaN(call, 'x')) return undefined;
  const wasm = call.backend as TensorHeap;
  const x = tensorOf(call, 'x');
  const places = wasm.makeOutput(x.shape, 'float32');
  wasm.typedArrayFromHeap(places).set(Float32Array.from(wasm.typedArrayFromHeap(x), (v) => +Number.isNaN(v)));
  const pooledPlaces = onlyTensor(stock({ ...call, inputs: { x: places } }));
  const result = onlyTensor(stock(call));
  markNaN(wasm.typedArrayFromHeap(result), wasm.typedArrayFromHeap(pooledPlaces), (value) => value > 0);
  wasm.disposeData(places.dataId);
  wasm.disposeData(pooledPlaces.dataId);
  return result;
}

function markNaN(values: TypedArray, places: TypedArray, isPlace: (value: number) => boolean): void {
  for (let i = 0; i < values.length; i++) if (isPlace(places[i]!)) values[i] = NaN;
}

/** Whether there may be a NaN: sums keep it. Infinities of both signs look like one. */
function takesNaN(call: KernelCall, name: string): boolean {
  const tensor = tensorOf(call, name);
  if (tensor.dtype !== 'float32') return false;
  const values = (call.backend as TensorHeap).typedArrayFromHeap(tensor);
  const whole = values.length - (values.length % 4);
  // Four sums at a time: each addition waits for the one before it.
  let [first, second, third, fourth] = [0, 0, 0, 0];
  for (let i = 0; i < whole; i += 4) {
    first += values[i]!;
    second += values[i + 1]!;
    third += values[i + 2]!;
    fourth += values[i + 3]!;
  }
  for (let i = whole; i < values.length; i++) first += values[i]!;
  return Number.isNaN(first + second + third + fourth);
}
