/** What an inference worker offers; imported by both sides, imports no code. */
import type { DNNBackendType } from '../dnn/contract/backends.ts';
import type { DNNModelSpec, RowRange } from '../dnn/contract/interface.ts';
import type { PlannedBytes } from '../dnn/contract/planned-bytes.ts';
import type { FrameShape } from '../dnn/run/frame-strips.ts';
import type { RunnerAnswer, RunnerRequest, RunnerTask } from '../dnn/run/runner-kinds.ts';
import type { FrameGeometry, ResultSize } from '../dnn/run/runner.ts';
import type { AssetUrls } from './asset-urls.ts';

/** What a worker loads. */
export interface ModelToLoad {
  readonly backend: DNNBackendType;
  readonly spec: DNNModelSpec;
  /** What it does with the model: only requests of this kind are run. */
  readonly task: RunnerTask;
}

/** One worker holds one model. */
export interface InferenceApi {
  /** Comes first. @returns whether the worker holds the Web Lock of this name for life. */
  live(lockName: string): Promise<boolean>;
  /** @returns the backend's device, such as `wasm-simd`. */
  load(model: ModelToLoad, assets: AssetUrls): Promise<string>;
  /** As Runner.plannedBytes. */
  plannedBytes(geometry: FrameGeometry): Promise<PlannedBytes | undefined>;
  /**
   * Takes the request's buffers. Requests of one worker run one after another.
   *
   * @throws DnnError as Runner.run does, and `EINVAL` for a request of another kind
   * than the task that was loaded.
   */
  run(request: RunnerRequest): Promise<RunnerAnswer>;
  /** As Runner.rowShares; undefined where the results have no rows. */
  rowShares(
    frame: FrameShape,
    out: ResultSize,
    parts: readonly RowRange[],
  ): Promise<readonly number[] | undefined>;
  close(): Promise<void>;
}
