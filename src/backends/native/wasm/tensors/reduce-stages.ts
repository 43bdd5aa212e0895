/** A reduction over any axes of a tensor of any rank, one run of neighbouring axes after the other. */
import type { KernelExports } from '../kernel-exports.ts';
import { countOf } from './tensor-strides.ts';

/** One step: of `[outer, size, inner]` the middle goes. */
export interface ReduceStage {
  readonly outer: number;
  readonly size: number;
  readonly inner: number;
}

/** The stages of a reduction, the last axes first. */
export function reduceStages(shape: readonly number[], axes: ReadonlySet<number>): ReduceStage[] {
  const stages: ReduceStage[] = [];
  const sizes = [...shape];
  for (let axis = sizes.length - 1; axis >= 0; axis--) {
    if (!axes.has(axis)) continue;
    let first = axis;
    while (first > 0 && axes.has(first - 1)) first--;
    const stage = {
      outer: countOf(sizes.slice(0, first)),
      size: countOf(sizes.slice(first, axis + 1)),
      inner: countOf(sizes.slice(axis + 1)),
    };
    for (let at = first; at <= axis; at++) sizes[at] = 1;
    axis = first;
    if (stage.size > 1) stages.push(stage);
  }
  return stages;
}

/** Values that the largest result between two stages has. */
export function stageValues(stages: readonly ReduceStage[]): number {
  return Math.max(0, ...stages.slice(0, -1).map(({ outer, inner }) => outer * inner));
}

/** Runs one stage. @param op of the kernel `reduce`. */
function runStage(
  kernels: KernelExports,
  op: number,
  { outer, size, inner }: ReduceStage,
  source: number,
  dest: number,
): void {
  if (inner === 1) {
    kernels.reduce(op, source, dest, outer, size, false, true, true);
    return;
  }
  for (let at = 0; at < outer; at++) {
    kernels.reduce(op, source + 4 * at * size * inner, dest + 4 * at * inner, size, inner, true, false, true);
  }
}

/**
 * Runs all stages.
 *
 * @param scratch room for twice `stageValues`.
 */
export function runStages(
  kernels: KernelExports,
  op: number,
  stages: readonly ReduceStage[],
  source: number,
  dest: number,
  scratch: number,
): void {
  let from = source;
  const room = 4 * stageValues(stages);
  for (const [index, stage] of stages.entries()) {
    const to = index === stages.length - 1 ? dest : scratch + (index % 2) * room;
    runStage(kernels, op, stage, from, to);
    from = to;
  }
}
