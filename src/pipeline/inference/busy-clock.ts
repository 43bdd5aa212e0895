/** Adds up the time in which at least one of several overlapping activities ran. */
export class BusyClock {
  readonly #now: () => number;
  #running = 0;
  #since = 0;
  #total = 0;

  /** @param now milliseconds of a clock that never goes back. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  start(): void {
    if (this.#running === 0) this.#since = this.#now();
    this.#running += 1;
  }

  stop(): void {
    if (this.#running === 0) throw new RangeError('BusyClock.stop() without start()');
    this.#running -= 1;
    if (this.#running === 0) this.#total += this.#now() - this.#since;
  }

  /** Milliseconds so far: the length of the union of all intervals. */
  get milliseconds(): number {
    return this.#total + (this.#running > 0 ? this.#now() - this.#since : 0);
  }
}
