/** When a codec was at work, told piece by piece. */

/** Milliseconds since the epoch. */
const now = (): number => performance.timeOrigin + performance.now();

/** A time in which a codec worked; milliseconds since the epoch. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** A codec works from the first frame that it takes until nothing is left in it. */
export class BusyTime {
  #start: number | undefined;
  /** Work that has ended and was not told. */
  #ended: Span | undefined;

  /** A frame comes; one may be there already. */
  begin(): void {
    this.#start ??= now();
  }

  /** Nothing is left in the codec. */
  end(): void {
    if (this.#start === undefined) return;
    const end = now();
    const { start, end: untilThen } = this.#ended ?? { start: end, end };
    // As long as the pieces are together: a pause between them is no work.
    this.#ended = { start: this.#start - (untilThen - start), end };
    this.#start = undefined;
  }

  /** What was not told yet, in one span; an empty one where nothing was done. */
  take(): Span {
    const time = now();
    const ended = this.#ended;
    this.#ended = undefined;
    if (ended !== undefined) return ended;
    const span = { start: this.#start ?? time, end: time };
    if (this.#start !== undefined) this.#start = time;
    return span;
  }
}
