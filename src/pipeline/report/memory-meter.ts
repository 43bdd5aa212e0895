/** The largest sum of what the parts of a job hold at one moment, by their own count. */
export class MemoryMeter {
  readonly #parts: (() => number)[] = [];
  #peak = 0;

  /** @param bytes tells what a part holds now. */
  add(bytes: () => number): void {
    this.#parts.push(bytes);
  }

  sample(): void {
    const now = this.#parts.reduce((sum, bytes) => sum + bytes(), 0);
    this.#peak = Math.max(this.#peak, now);
  }

  get peakBytes(): number {
    return this.#peak;
  }
}
