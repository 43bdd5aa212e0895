/**
 * Moves 8-bit images in and out of the kernels' memory a strip at a time, as
 * libavfilter/dnn/dnn_io_proc.c converts.
 */
import type { KernelMemory } from './kernel-memory.ts';
import type { ImageSize } from '../lowering/layer-spec.ts';
import type { RowTransfer } from './run-plan.ts';

/**
 * Converts rows of one image: bytes 0 … 255 are the floats 0 … 1 of the network, in and out, with the same
 * bits as src/dnn/run/io-proc.ts.
 *
 * @param input `height * width * channels` bytes; stays the caller's, as `output` does.
 * @param firstRow row of the image that `output` begins with; it ends with the last one that is wanted.
 */
export function byteTransfer(
  memory: KernelMemory,
  inputSize: ImageSize,
  outputSize: ImageSize,
  input: Uint8Array,
  output: Uint8Array,
  firstRow = 0,
): RowTransfer {
  const { kernels } = memory;
  const bytes = new Uint8Array(kernels.memory.buffer);
  const inputRow = inputSize.width * inputSize.channels;
  const outputRow = outputSize.width * outputSize.channels;
  return {
    feed({ from, to }, pointer, staging) {
      bytes.set(input.subarray(from * inputRow, to * inputRow), staging);
      kernels.bytesToFloats(staging, pointer, (to - from) * inputRow);
    },
    emit(_, { from, to }, pointer, staging) {
      const count = (to - from) * outputRow;
      kernels.floatsToBytes(pointer, staging, count);
      output.set(bytes.subarray(staging, staging + count), (from - firstRow) * outputRow);
    },
  };
}
