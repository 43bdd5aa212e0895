/** What one DNN filter is told to do with its frames. */
import type { Logger } from '../../base/log.ts';
import type { AnalyticsOptions } from '../../dnn/contract/analytics-spec.ts';
import type { RowRange } from '../../dnn/contract/interface.ts';
import type { OnError } from '../../dnn/options/dnn-context.ts';
import type { Timeline } from '../../filters/timeline.ts';
import type { Frame } from '../../frame/frame.ts';
import type { InferencePool } from '../../workers/inference-pool.ts';
import type { BufferPool } from '../frames/buffer-pool.ts';
import type { BatchTuner } from '../instance/batch-tuner.ts';
import type { DnnStageMeter } from './dnn-stage-meter.ts';

/** What a filter that analyses is called, and with what. */
export interface StageAnalytics {
  readonly options: AnalyticsOptions;
  /** The model as the user wrote it: the side data names it as its source. */
  readonly model: string;
}

export interface DnnStageOptions {
  /** The filter as the user wrote it, for messages. */
  readonly filter: string;
  readonly pool: Pick<InferencePool, 'size' | 'execute' | 'analyse'>;
  /** Where the filter detects or classifies; left out where it makes pictures. */
  readonly analytics?: StageAnalytics | undefined;
  readonly nireq: number;
  readonly batchSize: number;
  readonly async: boolean;
  /** As FrameToInfer.scaleFirst, for all frames. */
  readonly scaleFirst?: boolean;
  /** Says which frames go through the model; the others pass untouched, and have the size of those that leave. */
  readonly timeline?: Pick<Timeline, 'isEnabled'> | undefined;
  /** Strips of rows of each result, which workers compute side by side; none or one where a frame runs whole. */
  readonly stripRows?: readonly RowRange[];
  readonly onError: OnError;
  /** Chooses a larger batch once requests were measured; left out where the user has chosen. */
  readonly tuner?: BatchTuner | undefined;
  /** Size of the frames that leave. */
  readonly outWidth: number;
  readonly outHeight: number;
  readonly buffers: BufferPool;
  readonly meter: DnnStageMeter;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Sees every frame that leaves, in order, before it is handed on. */
  readonly onFrame?: ((frame: Frame) => void) | undefined;
}
