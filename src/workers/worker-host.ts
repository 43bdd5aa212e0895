/** How inference workers are started and their ends noticed: by the browser, and otherwise in tests. */
import { engineLocks, type LifeLocks } from '../media/life-lock.ts';
import { spawnInferenceWorker } from './spawn.ts';

export interface WorkerHost {
  readonly spawn: typeof spawnInferenceWorker;
  /** Undefined where a worker's end is told by nothing but its silence. */
  readonly locks: LifeLocks | undefined;
}

/** The browser's own. */
export function browserHost(): WorkerHost {
  return { spawn: spawnInferenceWorker, locks: engineLocks() };
}
