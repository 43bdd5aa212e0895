/**
 * When a frame of a stream was captured, by this thread's clock: its timestamp counts
 * from a moment that nobody tells.
 */

/** The shortest way of a frame is looked for over one to two such spans, since the two clocks drift. */
const spanMs = 5000;

/** Of one stream. */
export class CaptureClock {
  #since = -Infinity;
  #least = Infinity;
  #leastBefore = Infinity;

  /**
   * The difference of the two clocks is taken from the frame that came fastest: what is shorter than the
   * shortest way from the camera to here cannot be seen.
   *
   * @param timestamp of the frame, in microseconds.
   * @param now `performance.now()`.
   * @returns milliseconds on the clock of `now`, at most `now`.
   */
  capturedAt(timestamp: number, now: number): number {
    const difference = now - timestamp / 1000;
    if (now - this.#since >= spanMs) {
      this.#leastBefore = this.#least;
      this.#least = Infinity;
      this.#since = now;
    }
    this.#least = Math.min(this.#least, difference);
    return timestamp / 1000 + Math.min(this.#least, this.#leastBefore);
  }
}
