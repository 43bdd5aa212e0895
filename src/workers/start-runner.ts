/** The runner of each kind of filter, started in the inference worker. */
import { AnalyticsRunner } from '../dnn/run/analytics-runner.ts';
import type { DNNModel } from '../dnn/contract/interface.ts';
import { InferenceRunner } from '../dnn/run/inference-runner.ts';
import type { RunnerKind, RunnerKinds, RunnerTask } from '../dnn/run/runner-kinds.ts';
import type { Runner } from '../dnn/run/runner.ts';
import { analyticsPostProc } from '../filters/analytics-post-proc.ts';

/** What a backend has loaded. */
export interface LoadedModel {
  /** Becomes the runner's. */
  readonly model: DNNModel;
  /** Whether it takes more than one frame at a time. */
  readonly batchFree: boolean;
}

const runners: {
  readonly [K in RunnerKind]: (loaded: LoadedModel, setup: RunnerKinds[K]['setup']) => Runner<K>;
} = {
  process: ({ model, batchFree }) => new InferenceRunner(model, batchFree),
  analyse: ({ model, batchFree }, { input, options }) =>
    new AnalyticsRunner(model, input, batchFree, analyticsPostProc(options)),
};

/** @returns the runner that does the task with this model. */
export function startRunner<Kind extends RunnerKind>(
  loaded: LoadedModel,
  { kind, setup }: RunnerTask<Kind>,
): Runner<Kind> {
  return runners[kind](loaded, setup);
}
