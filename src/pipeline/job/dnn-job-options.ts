/** What a job is told and lent. */
import type { Logger } from '../../base/log.ts';
import type { TrialLength } from '../../workers/pipeline-api.ts';
import type { BufferPool } from '../frames/buffer-pool.ts';
import type { FilterStage } from '../inference/job-filter.ts';
import type { JobLayout } from '../planning/job-layout.ts';
import type { Planning } from '../planning/planning-log.ts';
import type { DetectionsRecorder } from '../report/detections-recorder.ts';
import type { MemoryMeter } from '../report/memory-meter.ts';
import type { StageLog } from '../report/stage-log.ts';
import type { TimelineRecorder } from '../report/timeline-recorder.ts';
import type { JobContext } from './job-context.ts';
import type { JobEnds } from './ends/job-ends.ts';
import type { OutputCollector } from './output-collector.ts';

export interface DnnJobOptions {
  readonly context: Pick<JobContext, 'ledger' | 'progress'>;
  /** Takes this project's own lines. */
  readonly log: Logger;
  readonly planning: Pick<Planning, 'frames'>;
  readonly layout: JobLayout;
  /** Start what stands first and last. The job ends it. */
  readonly ends: JobEnds;
  /** By index. The job ends their workers. */
  readonly filters: readonly FilterStage[];
  readonly output: Pick<OutputCollector, 'finish' | 'abort'>;
  /** What both ends say. */
  readonly stageLog: Pick<StageLog, 'muteUpstream'>;
  /** The frames between the ends. */
  readonly buffers: BufferPool;
  readonly memory: MemoryMeter;
  /** Expected number of frames, where it is known. */
  readonly frames: number | undefined;
  /** When the command was given, by `performance.now()`. */
  readonly started: number;
  /** Takes what the filters found, where any detects. */
  readonly detections: DetectionsRecorder | undefined;
  /** Takes who worked when, where anybody wants to know. */
  readonly timeline: TimelineRecorder | undefined;
  /** Where the job stops by itself; undefined where it goes on to its end. */
  readonly stopAfter?: TrialLength | undefined;
}
