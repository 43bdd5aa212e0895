/**
 * Describes how a row is put together from pieces of other rows, for the kernels copyBlocks and fillBlocks.
 */
import type { LayerContext } from '../layer.ts';

/**
 * `length` values from index `source` of a row to index `dest` of another; a
 * negative source only marks a gap.
 */
export interface Run {
  readonly dest: number;
  readonly source: number;
  readonly length: number;
}

/** Blocks in the kernels' memory. */
export interface Blocks {
  readonly pointer: number;
  readonly count: number;
}

/** Joins runs that continue each other. */
function joined(runs: Iterable<Run>): Run[] {
  const result: Run[] = [];
  for (const run of runs) {
    const last = result.at(-1);
    const goesOn = last !== undefined && run.dest === last.dest + last.length;
    if (goesOn && run.source === (last.source < 0 ? -1 : last.source + last.length)) {
      result[result.length - 1] = { ...last, length: last.length + run.length };
    } else {
      result.push(run);
    }
  }
  return result;
}

/**
 * The six numbers of each block (copy-blocks.ts in wasm/assembly): runs of one
 * length at even distances share one.
 */
export function packRuns(runs: Iterable<Run>): Int32Array {
  const list = joined(runs);
  const words: number[] = [];
  for (let first = 0; first < list.length;) {
    const run = list[first]!;
    const second = list[first + 1];
    const destStep = (second?.dest ?? 0) - run.dest;
    const sourceStep = (second?.source ?? 0) - run.source;
    let count = 1;
    for (let next = list[first + 1]; next?.length === run.length; next = list[first + count]) {
      const even =
        next.dest === run.dest + count * destStep && next.source === run.source + count * sourceStep;
      if (!even) break;
      count++;
    }
    words.push(run.dest, run.source, run.length, count, destStep, sourceStep);
    first += count;
  }
  return Int32Array.from(words);
}

/** Runs as blocks in the kernels' memory, for as long as the model lives. */
export function uploadRuns(context: LayerContext, runs: Iterable<Run>): Blocks {
  const words = packRuns(runs);
  return { pointer: words.length === 0 ? 0 : context.upload(words), count: words.length / 6 };
}
