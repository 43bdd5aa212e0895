/** Which pts a frame has whose decoder knows times in whole microseconds only. */
import { DnnError } from '../base/errors.ts';
import type { Rational } from '../media/nut/nut-stream.ts';

/** Times of packets without a frame that are kept before they are looked through: few decoders hold more. */
const mostUnsorted = 64;

/** The times of the packets that a decoder has, each with its pts: nothing is ever computed back. */
export class PacketTimes {
  readonly #ptsOf = new Map<number, number>();
  readonly #microseconds: number;

  /** @throws DnnError `EINVAL` for a time base that is not a positive number. */
  constructor({ num, den }: Rational) {
    const microseconds = (1e6 * num) / den;
    if (!(microseconds > 0 && microseconds < Infinity)) {
      throw new DnnError('EINVAL', `Time base ${num}/${den} of a video to decode is no positive number.`);
    }
    // Ticks that are finer than microseconds are told as if they were such: each keeps its own time.
    this.#microseconds = Math.max(1, microseconds);
  }

  /** Packets whose frames have not come. */
  get size(): number {
    return this.#ptsOf.size;
  }

  /** @returns the packet's time in microseconds, which no other packet has. */
  add(pts: number): number {
    let time = Math.round(pts * this.#microseconds);
    while (this.#ptsOf.has(time)) time += 1;
    this.#ptsOf.set(time, pts);
    return time;
  }

  /**
   * The pts of a frame, in order of presentation: packets of earlier times are not expected any more.
   *
   * @returns undefined for a time that no packet had.
   */
  take(time: number): number | undefined {
    const pts = this.#ptsOf.get(time);
    this.#ptsOf.delete(time);
    if (this.#ptsOf.size > mostUnsorted)
      for (const other of this.#ptsOf.keys()) if (other < time) this.#ptsOf.delete(other);
    return pts;
  }
}
