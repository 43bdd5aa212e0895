/** Looks at something at work again and again, and calls back once it hangs. */
import { systemWatchdogClock, type WatchdogClock } from './request-watchdog.ts';
import { StepWatch, type StepLimit, type StepSample } from './step-watch.ts';

const tickMs = 500;

/** Below this a machine with much to do could take work for a hang, in milliseconds. */
export const defaultStepLimitMs = 60_000;

export interface WatchedSteps {
  /** What is to be seen now. */
  readonly sample: () => StepSample;
  /** May change with what is known of the work. */
  readonly limit: () => StepLimit;
  /** Called once, with the milliseconds that it has worked at its step. */
  readonly onHung: (workedMs: number) => void;
  readonly clock?: WatchdogClock;
}

/**
 * Time is counted in ticks of this thread, and a tick that comes late counts as one: a machine that slept, or
 * a tab that was frozen, makes nothing hung.
 *
 * @returns ends the watch.
 */
export function watchSteps({ sample, limit, onHung, clock = systemWatchdogClock }: WatchedSteps): () => void {
  const watch = new StepWatch();
  const stop = clock.every(tickMs, () => {
    const workedMs = watch.look(sample(), tickMs, limit());
    if (workedMs === undefined) return;
    stop();
    onHung(workedMs);
  });
  return stop;
}
