/** When live video is too slow for its filter, so that a lighter one should take its place. */

/** Figures of a moment: counts since the start. */
export interface FrameCounts {
  readonly framesIn: number;
  readonly framesDropped: number;
}

/**
 * More than this share of a window's frames was dropped: the machine is too slow,
 * and not just busy for a moment.
 */
const dropShare = 0.5;
const windowMs = 1000;
/** Windows in a row: with fewer, a short hiccup would cost the better network for good. */
const slowWindows = 3;
/** Fewer frames in a window say nothing, such as those of a picture that seldom changes. */
const leastFrames = 5;

export class StepDown {
  #windowStart: { readonly at: number; readonly counts: FrameCounts } | undefined;
  #slow = 0;

  /**
   * @param now milliseconds of a clock that never goes back.
   * @returns whether to step down now; counting starts anew then.
   */
  update(counts: FrameCounts, now: number): boolean {
    const start = this.#windowStart;
    if (start === undefined || counts.framesIn < start.counts.framesIn) {
      this.#windowStart = { at: now, counts };
      return false;
    }
    if (now - start.at < windowMs) return false;
    this.#windowStart = { at: now, counts };
    const came = counts.framesIn - start.counts.framesIn;
    const dropped = counts.framesDropped - start.counts.framesDropped;
    if (came < leastFrames) return false;
    this.#slow = dropped / came > dropShare ? this.#slow + 1 : 0;
    if (this.#slow < slowWindows) return false;
    this.reset();
    return true;
  }

  /** Forgets what was counted: after a pause, and after the filter was changed. */
  reset(): void {
    this.#windowStart = undefined;
    this.#slow = 0;
  }
}
