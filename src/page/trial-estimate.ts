/** What a whole job will take, from a trial on its first frames. */
import type { ExecResult, JobStats, StageStats } from '../workers/pipeline-api.ts';

/** What the trial knows beside its figures. */
type Facts = 'expectedFrames' | 'secondsPerFrame';

/** What a trial tells of the whole job. */
export interface TrialResult {
  /** Frames that were really run; nothing was written. */
  readonly frames: number;
  /** Expected seconds of the whole job for each frame. */
  readonly secondsPerFrame: number;
  /** Frames of the whole job; undefined where the source does not tell. */
  readonly totalFrames?: number;
  /** Expected seconds of the whole job, loading left out; undefined with `totalFrames`. */
  readonly totalSeconds?: number;
  /**
   * Most bytes held at one moment by the project's own count; a longer job holds no
   * more frames than this one did.
   */
  readonly peakBytes: number;
  /** The figures of the trial itself. */
  readonly stats: JobStats;
}

/**
 * The slowest stage sets the pace, or all stages together where they have to share the cores: with d
 * for a frame in the DNN stages and c in the others, n workers on n cores are at most min(n,
 * n·d/(d+c)) times as fast as one. What stages took is the longer for those beside them, so that their sum
 * is too much where cores are few: the job will not be slower than the trial itself was.
 *
 * @param cores logical processors.
 */
export function trialEstimate(
  stats: JobStats,
  cores: number,
  { expectedFrames: totalFrames, secondsPerFrame: pace = Infinity }: Pick<ExecResult, Facts>,
): TrialResult {
  const costs = stats.stages.map((stage) => ({ ms: costPerFrame(stage), ways: waysOf(stage, cores) }));
  const slowest = Math.max(0, ...costs.map(({ ms, ways }) => ms / ways));
  const shared = costs.reduce((sum, { ms }) => sum + ms, 0) / cores;
  const secondsPerFrame = Math.max(slowest, Math.min(shared, 1000 * pace)) / 1000;
  return {
    frames: stats.frames_out,
    secondsPerFrame,
    ...(totalFrames === undefined ? {} : { totalFrames, totalSeconds: totalFrames * secondsPerFrame }),
    peakBytes: stats.memory.peak_bytes,
    stats,
  };
}

/**
 * Milliseconds of one worker for a frame. The median of requests leaves the first one out, which compiles.
 */
function costPerFrame({ kind, frames, seconds_busy, ms_per_frame = 0, ms_io = 0 }: StageStats): number {
  if (kind === 'dnn') return ms_per_frame + ms_io;
  return frames === 0 ? 0 : (1000 * seconds_busy) / frames;
}

function waysOf({ kind, nireq = 1 }: StageStats, cores: number): number {
  return kind === 'dnn' ? Math.max(1, Math.min(nireq, cores)) : 1;
}
