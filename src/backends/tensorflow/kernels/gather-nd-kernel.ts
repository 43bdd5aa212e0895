/** A GatherNd for tfjs-backend-wasm that reads nothing beside the tensor. */
import { replaceKernel, tensorOf, type KernelCall, type TensorHeap } from './replace-kernel.ts';

/** The stock one gives what stands elsewhere in the memory; TensorFlow fails on a CPU (gather_nd_op.h). */
export function checkGatherNd(): void {
  replaceKernel('GatherNd', (call) => {
    checkIndices(call);
    return undefined;
  });
}

function checkIndices(call: KernelCall): void {
  const [{ shape }, indices] = [tensorOf(call, 'params'), tensorOf(call, 'indices')];
  const values = (call.backend as TensorHeap).typedArrayFromHeap(indices);
  const depth = indices.shape.at(-1) ?? 1;
  for (let i = 0; i < values.length; i++) {
    const [index, size] = [values[i]!, shape[i % depth]!];
    if (index >= 0 && index < size) continue;
    throw new Error(`GatherNd: index ${index} of axis ${i % depth} is not below ${size}`);
  }
}
