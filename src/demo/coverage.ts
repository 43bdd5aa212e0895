/** How much of each of some equal pieces of time is worked. */

/** A time in which a lane worked; milliseconds since the command was given. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export class Coverage {
  readonly from: number;
  #pieceMs: number;
  /** Milliseconds of work in each piece. */
  readonly #worked: Float64Array;

  /** @param from in milliseconds */
  constructor(from: number, pieceMs: number, pieces: number) {
    this.from = from;
    this.#pieceMs = pieceMs;
    this.#worked = new Float64Array(pieces);
  }

  get pieceMs(): number {
    return this.#pieceMs;
  }

  get to(): number {
    return this.from + this.#pieceMs * this.#worked.length;
  }

  /** Milliseconds of work in all pieces. */
  get busyMs(): number {
    return this.#worked.reduce((sum, worked) => sum + worked, 0);
  }

  /** 0..1 for each piece; where a lane did two things at a time, no more than 1. */
  get shares(): readonly number[] {
    return Array.from(this.#worked, (worked) => Math.min(1, worked / this.#pieceMs));
  }

  /** What is outside of the pieces is left out. */
  add({ start, end }: Span): void {
    const last = Math.min(this.#worked.length - 1, Math.floor((end - this.from) / this.#pieceMs));
    for (let piece = Math.max(0, Math.floor((start - this.from) / this.#pieceMs)); piece <= last; piece++) {
      const left = this.from + piece * this.#pieceMs;
      const inside = Math.min(end, left + this.#pieceMs) - Math.max(start, left);
      this.#worked[piece]! += Math.max(0, inside);
    }
  }

  /** Makes pieces twice as long, so that the same number of them reaches twice as far. */
  widen(): void {
    const count = this.#worked.length;
    for (let piece = 0; piece < count; piece++) {
      const [first = 0, second = 0] = this.#worked.subarray(2 * piece, 2 * piece + 2);
      this.#worked[piece] = first + second;
    }
    this.#pieceMs *= 2;
  }
}
