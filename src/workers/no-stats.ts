/** The figures of a job that ended before its first frame. */
import type { JobStats } from './pipeline-api.ts';

export const noStats: JobStats = {
  frames_in: 0,
  frames_out: 0,
  seconds_load: 0,
  seconds: 0,
  stages: [],
  page: { longest_task_ms: 0 },
  memory: { peak_bytes: 0 },
};
