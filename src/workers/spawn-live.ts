/** Starts the live worker. A file of its own, for the page alone: the bundler takes no workers that could start each other. */
import type { LiveApi } from './live-api.ts';
import { WorkerClient } from './worker-client.ts';

export function spawnLiveWorker(): WorkerClient<LiveApi> {
  const worker = new Worker(new URL('./live.worker.ts', import.meta.url), { type: 'module', name: 'live' });
  return new WorkerClient<LiveApi>(worker, 'live worker');
}
