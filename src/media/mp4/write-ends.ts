/** Where ffmpeg's writes to a file ended. */
export class WriteEnds {
  readonly #ends: readonly number[];

  /** @param ends ascending. */
  constructor(ends: readonly number[]) {
    this.#ends = ends;
  }

  has(position: number): boolean {
    return this.#ends[this.#atLeast(position)] === position;
  }

  /** The first end behind a position; undefined where there is none. */
  after(position: number): number | undefined {
    return this.#ends[this.#atLeast(position + 1)];
  }

  /** Index of the first end that is not below a position. */
  #atLeast(position: number): number {
    let low = 0;
    let high = this.#ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#ends[middle]! < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
