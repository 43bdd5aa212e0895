/** Tells a hung request from a slow one: the limit grows with what requests have cost so far. */

/** Time for the watchdog; tests have their own. */
export interface WatchdogClock {
  /** Milliseconds from any fixed moment. */
  now(): number;
  /** Calls back every `ms` until the returned function is called. */
  every(ms: number, tick: () => void): () => void;
}

export interface WatchdogOptions {
  /** Expected milliseconds of one item before any was measured; a rough upper bound. */
  readonly expectedMsPerItem: number;
  /** No request is given up sooner than this, in milliseconds. */
  readonly leastMs?: number;
  readonly clock?: WatchdogClock;
}

/** A request may take this many times what the slowest item so far has cost. */
const patience = 20;
/** On a shared machine a worker can be without a core for seconds. */
const defaultLeastMs = 15_000;
const tickMs = 500;

export const systemWatchdogClock: WatchdogClock = {
  now: () => performance.now(),
  every(ms, tick) {
    const timer = setInterval(tick, ms);
    return () => {
      clearInterval(timer);
    };
  },
};

/** The watchdog of one filter's requests: what it learns from one worker goes for all. */
export class RequestWatchdog {
  readonly #leastMs: number;
  readonly #clock: WatchdogClock;
  #msPerItem: number;
  #isMeasured = false;

  constructor({ expectedMsPerItem, leastMs = defaultLeastMs, clock = systemWatchdogClock }: WatchdogOptions) {
    this.#msPerItem = expectedMsPerItem;
    this.#leastMs = leastMs;
    this.#clock = clock;
  }

  /** Milliseconds after which a request of so many items counts as hung. */
  limitMs(items: number): number {
    return Math.max(this.#leastMs, patience * this.#msPerItem * items);
  }

  /**
   * Watches a request that starts now.
   *
   * Time is counted in ticks of this thread, and a tick that comes late counts as one: a machine that slept,
   * or a tab that was frozen, does not make a request hung.
   *
   * @param onHung called once, with the limit in milliseconds.
   * @returns ends the watch; with `true` where the request was answered, so that its time is learnt from.
   */
  watch(items: number, onHung: (limitMs: number) => void): (answered: boolean) => void {
    const started = this.#clock.now();
    const limit = this.limitMs(items);
    let waited = 0;
    const stop = this.#clock.every(Math.min(tickMs, limit), () => {
      waited += Math.min(tickMs, limit);
      if (waited < limit) return;
      stop();
      onHung(limit);
    });
    return (answered) => {
      stop();
      if (answered) this.#learn((this.#clock.now() - started) / items);
    };
  }

  #learn(msPerItem: number): void {
    this.#msPerItem = this.#isMeasured ? Math.max(this.#msPerItem, msPerItem) : msPerItem;
    this.#isMeasured = true;
  }
}
