/** Measures how long the calling thread was ever blocked: the largest gap of a 5 ms heartbeat. */

const intervalMs = 5;

export class Heartbeat {
  #last = performance.now();
  #longestGapMs = 0;
  readonly #timer = setInterval(() => {
    const now = performance.now();
    // Browsers slow timers of hidden pages to one a second; that is no blocked thread.
    if (typeof document === 'undefined' || !document.hidden) {
      this.#longestGapMs = Math.max(this.#longestGapMs, now - this.#last);
    }
    this.#last = now;
  }, intervalMs);

  /** Ends the measurement. @returns the longest gap in milliseconds. */
  stop(): number {
    clearInterval(this.#timer);
    return this.#longestGapMs;
  }
}
