/** Moves float tensors in and out of the kernels' memory a strip at a time. */
import type { KernelMemory } from './kernel-memory.ts';
import type { ImageSize } from '../lowering/layer-spec.ts';
import type { RowTransfer } from './run-plan.ts';

/** One image in a tensor of several: all its values, row-major. */
export interface FloatImages {
  readonly input: Float32Array;
  /** One an output of the network, in their order; rows that are not asked for are left alone. */
  readonly outputs: readonly Float32Array[];
  /** True where the input node takes integers: fractions are cut off. */
  readonly truncate: boolean;
}

/** Copies rows of one image; the arrays stay the caller's. */
export function floatTransfer(
  memory: KernelMemory,
  inputSize: ImageSize,
  outputSizes: readonly ImageSize[],
  { input, outputs, truncate }: FloatImages,
): RowTransfer {
  const { buffer } = memory.kernels.memory;
  const floats = new Float32Array(buffer);
  const rowValues = inputSize.width * inputSize.channels;
  return {
    feed({ from, to }, pointer) {
      const rows = input.subarray(from * rowValues, to * rowValues);
      floats.set(truncate ? rows.map(Math.trunc) : rows, pointer / 4);
    },
    emit(output, { from, to }, pointer) {
      const { width, channels } = outputSizes[output]!;
      const values = width * channels;
      const start = pointer / 4;
      outputs[output]!.set(floats.subarray(start, start + (to - from) * values), from * values);
    },
  };
}
