/** Runs a plan over one image: rows go in at the top, results come out a strip at a time. */
import type { KernelMemory } from './kernel-memory.ts';
import type { RowBand, RowRange } from './layer.ts';
import { rowBytes, tensorSize, type LayerNetwork } from './layer-network.ts';
import type { BandRows, RowPlan } from './plan-bands.ts';

/** Brings rows of the input into the kernels' memory, and takes rows of the outputs out of it. */
export interface RowTransfer {
  /** Writes rows of the input as floats to a byte address; `staging` is free memory for the rows as bytes. */
  feed(rows: RowRange, pointer: number, staging: number): void;
  /** Reads rows of an output (by its position in `network.outputs`) as floats from a byte address. */
  emit(output: number, rows: RowRange, pointer: number, staging: number): void;
}

/**
 * Runs one image. The plan's arena is the memory above the weights, whose content
 * from earlier runs does not matter.
 *
 * @throws DnnError `ENOMEM` where the memory cannot grow.
 */
export function runPlan(
  network: LayerNetwork,
  plan: RowPlan,
  memory: KernelMemory,
  transfer: RowTransfer,
): void {
  const arena = memory.top;
  memory.reserve(arena + plan.arenaBytes);
  const scratch = arena + plan.scratchOffset;
  const staging = arena + plan.stagingOffset;
  const strides = plan.bandOffsets.map((_, tensor) => rowBytes(tensorSize(network, tensor)));
  const band = ({ tensor, firstRow, rows }: BandRows): RowBand => ({
    pointer: arena + plan.bandOffsets[tensor]!,
    firstRow,
    rows,
  });
  const bytes = new Uint8Array(memory.kernels.memory.buffer);
  for (const { tensor, from, to, move, output, inputs, emit } of plan.steps) {
    const stride = strides[tensor]!;
    const base = arena + plan.bandOffsets[tensor]!;
    if (move !== undefined) {
      const at = base + move.at * stride;
      bytes.copyWithin(base, at, at + move.rows * stride);
    }
    if (tensor === 0) transfer.feed({ from, to }, base + (from - output.firstRow) * stride, staging);
    else network.steps[tensor - 1]!.layer.run(inputs.map(band), band(output), from, to, scratch);
    if (emit !== undefined) {
      const pointer = base + (emit.from - output.firstRow) * stride;
      transfer.emit(emit.output, { from: emit.from, to: emit.to }, pointer, staging);
    }
  }
}
