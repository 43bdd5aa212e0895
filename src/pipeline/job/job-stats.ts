/** Puts the figures of a job's stages together. */
import type { JobStats, StageStats } from '../../workers/pipeline-api.ts';
import type { FilterStage } from '../inference/job-filter.ts';

export interface JobFigures {
  /** When the command was given, by `performance.now()`. */
  readonly started: number;
  /** The first local filter. */
  readonly first: Pick<FilterStage, 'framesIn' | 'firstIn'> | undefined;
  /** In the order of the data: a DNN stage stands before the ffmpeg stage that it feeds. */
  readonly stages: readonly StageStats[];
  /** Frames that went to the encoder. */
  readonly framesOut: number;
  readonly peakBytes: number;
}

export function jobStats({ started, first, stages, framesOut, peakBytes }: JobFigures): JobStats {
  const now = performance.now();
  const firstIn = first?.firstIn;
  return {
    frames_in: first?.framesIn ?? 0,
    frames_out: framesOut,
    seconds_load: seconds((firstIn ?? now) - started),
    seconds: seconds(firstIn === undefined ? 0 : now - firstIn),
    stages,
    page: { longest_task_ms: 0 },
    memory: { peak_bytes: peakBytes },
  };
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds) / 1000;
}
