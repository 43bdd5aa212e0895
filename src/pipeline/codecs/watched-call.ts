/** A call of a codec worker that is given up where no answer comes. */
import { RequestWatchdog, type WatchdogClock } from '../../workers/request-watchdog.ts';
import type { WorkerClient } from '../../workers/worker-client.ts';

export interface CallWatch {
  /** Of `-dnn_watchdog`: seconds after which the call is given up, 0 for none; undefined where left out. */
  readonly watchdogSeconds: number | undefined;
  /** Milliseconds, where it is left out. */
  readonly usualMs: number;
  readonly clock?: WatchdogClock | undefined;
}

/** @throws what the call throws; where no answer comes, the reason of the worker's end. */
export async function watchedCall<T>(
  worker: Pick<WorkerClient<unknown>, 'giveUp'>,
  { watchdogSeconds, usualMs, clock }: CallWatch,
  call: () => Promise<T>,
): Promise<T> {
  if (watchdogSeconds === 0) return call();
  const watchdog = new RequestWatchdog({
    expectedMsPerItem: 0,
    leastMs: watchdogSeconds === undefined ? usualMs : 1000 * watchdogSeconds,
    ...(clock === undefined ? {} : { clock }),
  });
  const stop = watchdog.watch(1, (limitMs) => {
    worker.giveUp(`gave no answer for ${Math.round(limitMs / 1000)} s`);
  });
  try {
    return await call();
  } finally {
    stop(false);
  }
}
