/** Puts the figures of a job's stages together. */
import type { JobStats, StageStats } from '../workers/pipeline-api.ts';
import type { DnnStageMeter } from './dnn-stage-meter.ts';
import type { RunningStage } from './job-stages.ts';

export interface JobFigures {
  /** When the command was given, by `performance.now()`. */
  readonly started: number;
  readonly ffmpeg: readonly RunningStage[];
  readonly meters: readonly DnnStageMeter[];
  /** By the place of the filter. */
  readonly dnn: readonly StageStats[];
  /** Whether ffmpeg filters stand before the DNN filter at a place. */
  readonly hasStageBefore: (place: number) => boolean;
  /** Frames that went to the encoder. */
  readonly framesOut: number;
  readonly peakBytes: number;
}

export function jobStats(figures: JobFigures): JobStats {
  const { started, meters, framesOut, peakBytes } = figures;
  const now = performance.now();
  const first = meters[0]?.firstIn;
  return {
    frames_in: meters[0]?.framesIn ?? 0,
    frames_out: framesOut,
    seconds_load: seconds((first ?? now) - started),
    seconds: seconds(first === undefined ? 0 : now - first),
    stages: orderedStages(figures),
    page: { longest_task_ms: 0 },
    memory: { peak_bytes: peakBytes },
  };
}

/** In the order of the data: a DNN stage stands before the ffmpeg stage that it feeds. */
function orderedStages({ ffmpeg, dnn, meters, hasStageBefore, framesOut }: JobFigures): StageStats[] {
  const waiting = [...ffmpeg];
  const result: StageStats[] = [];
  const addFfmpeg = (frames: number): void => {
    const running = waiting.shift();
    if (running !== undefined) result.push(running.stage.stats(running.filter, frames));
  };
  addFfmpeg(meters[0]?.framesIn ?? 0);
  for (const [place, stats] of dnn.entries()) {
    if (place > 0 && hasStageBefore(place)) addFfmpeg(meters[place]?.framesIn ?? 0);
    result.push(stats);
  }
  addFfmpeg(framesOut);
  return result;
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds) / 1000;
}
