/** The last few rows of a plane that the vertical step of a scaler needs at the same time. */
export class LineRing {
  /** Row y lies in `lines[y % lines.length]`. */
  readonly lines: readonly Int16Array[];
  #next = 0;

  constructor(rows: number, width: number) {
    this.lines = Array.from({ length: rows }, () => new Int16Array(width));
  }

  /** Forgets all rows: another frame begins. */
  reset(): void {
    this.#next = 0;
  }

  /**
   * The first row of `first` up to `last` that is to be made, those before it being there; `last + 1`
   * where none is. The caller makes the rest. From call to call neither number decreases, and they are
   * less than the ring's length apart.
   */
  missing(first: number, last: number): number {
    const from = Math.max(this.#next, first);
    this.#next = Math.max(this.#next, last + 1);
    return from;
  }
}
