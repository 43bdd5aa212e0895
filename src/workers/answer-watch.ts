/** Ends a worker that never blocks by design, and yet answers nothing for minutes. */
import { systemWatchdogClock, type WatchdogClock } from './request-watchdog.ts';
import type { StepLimit } from './step-watch.ts';
import { watchSteps } from './step-watchdog.ts';
import type { RemoteApi, WorkerClient } from './worker-client.ts';

/** A large model is read and prepared in one go. */
const limit: StepLimit = { leastMs: 120_000, isFixed: true };

/**
 * Asks the worker again and again while others wait for it, one question at a time.
 *
 * @param ask a call that is answered at once.
 * @param progress whatever changes where the worker gets on: then it may be too busy to answer.
 * @returns ends the watch.
 */
export function watchAnswers<Api>(
  client: WorkerClient<Api>,
  ask: (api: RemoteApi<Api>) => Promise<unknown>,
  progress: () => number = () => 0,
  clock: WatchdogClock = systemWatchdogClock,
): () => void {
  let steps = 0;
  let lastProgress = progress();
  let isAsked = false;
  const answered = (): void => {
    steps += 1;
    isAsked = false;
  };
  return watchSteps({
    sample: () => {
      if (!isAsked) {
        isAsked = true;
        // What it says does not matter; a worker that has ended rejects, and is watched no more.
        client.call(ask).then(answered, answered);
      }
      const now = progress();
      if (now !== lastProgress) steps += 1;
      lastProgress = now;
      return { steps, waitedMs: 0 };
    },
    limit: () => limit,
    onHung: (ms) => {
      client.giveUp(`hung: it has not answered for ${Math.round(ms / 1000)} s and was ended`);
    },
    clock,
  });
}
