/** The work of each kind of filter. */
import type { RunnerKind } from '../../dnn/run/runner-kinds.ts';
import { analyseFrames } from './analyse-frames.ts';
import { processFrames } from './process-frames.ts';
import type { StageWork, StageWorkSetup } from './stage-work.ts';

/** Takes work whose items and results are its own affair. */
type UseStageWork<Result> = <Item, Out>(work: StageWork<Item, Out>) => Result;

const works: {
  readonly [K in RunnerKind]: <Result>(setup: StageWorkSetup<K>, use: UseStageWork<Result>) => Result;
} = {
  process: (setup, use) => use(processFrames(setup)),
  analyse: (setup, use) => use(analyseFrames(setup)),
};

/** Makes the work of a filter, by the kind of its task. @returns what `use` makes of it. */
export function withStageWork<Kind extends RunnerKind, Result>(
  setup: StageWorkSetup<Kind>,
  use: UseStageWork<Result>,
): Result {
  return works[setup.filter.task.kind](setup, use);
}
