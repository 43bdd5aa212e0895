/** What one DNN filter is told to do with its frames, in the parts that those who do it need. */
import type { Logger } from '../../base/log.ts';
import type { RowRange } from '../../dnn/contract/interface.ts';
import type { OnError } from '../../dnn/options/execution-options.ts';
import type { PaddedSize } from '../../dnn/run/frame-to-infer.ts';
import type { RunnerKind, RunnerTask } from '../../dnn/run/runner-kinds.ts';
import type { Timeline } from '../../filters/timeline.ts';
import type { Frame } from '../../frame/frame.ts';
import type { InferencePool } from '../../workers/inference-pool.ts';
import type { BufferPool } from '../frames/buffer-pool.ts';
import type { BatchTuner } from '../instance/batch-tuner.ts';
import type { DnnStageMeter } from './dnn-stage-meter.ts';

/** The filter itself, whatever its frames are. */
export interface StageFilter<Kind extends RunnerKind = RunnerKind> {
  /** As the user wrote it, for messages. */
  readonly text: string;
  /** The model as the user wrote it: side data names it as its source. */
  readonly model: string;
  /** What its workers do with the model. */
  readonly task: RunnerTask<Kind>;
  /**
   * Says which frames go through the model; the others pass untouched, and have the size of those that leave.
   */
  readonly timeline?: Pick<Timeline, 'isEnabled'> | undefined;
  readonly onError: OnError;
}

/** The frames that leave. */
export interface StageResult {
  readonly outWidth: number;
  readonly outHeight: number;
  /** As FrameToInfer.scaleFirst, for all frames. */
  readonly scaleFirst?: boolean;
  /** As FrameToInfer.padded, for all frames. */
  readonly padded?: PaddedSize | undefined;
  /**
   * Strips of rows of each result, which workers compute side by side; none or one where a frame runs whole.
   */
  readonly stripRows?: readonly RowRange[];
}

/** How frames become requests. */
export interface StageSchedule {
  readonly nireq: number;
  readonly batchSize: number;
  readonly async: boolean;
}

/** Who runs the requests, and what is counted of them. */
export interface StageWorkers {
  readonly pool: Pick<InferencePool, 'size' | 'run'>;
  readonly buffers: BufferPool;
  readonly meter: DnnStageMeter;
  /** Chooses a larger batch once requests were measured; left out where the user has chosen. */
  readonly tuner?: BatchTuner | undefined;
}

/** What goes on around the stage. */
export interface StageSurroundings {
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Sees every frame that leaves, in order, before it is handed on. */
  readonly onFrame?: ((frame: Frame) => void) | undefined;
}

/** One DNN filter of a job at work. */
export interface DnnStageOptions {
  readonly filter: StageFilter;
  readonly result: StageResult;
  readonly schedule: StageSchedule;
  readonly workers: StageWorkers;
  readonly around: StageSurroundings;
}
