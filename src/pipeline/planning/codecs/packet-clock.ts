/**
 * The times of packets that ffmpeg copies to a pipe. It shifts them by whole seconds, since NUT holds no
 * negative ones, and may write finer ticks. Pure.
 */
import { DnnError } from '../../../base/errors.ts';
import type { Rational } from '../../../media/nut/nut-stream.ts';

/** Seconds of which no video begins earlier: a seek finds the key frame before, which may be far away. */
const earliest = 100_000;

/** Seconds by which the packets of a stream are shifted: whole ticks of its time base. */
export function timeShift({ num }: Rational): number {
  return num * Math.ceil(earliest / num);
}

/** Reads pts of packets as those of the frames that ffmpeg decodes from them. */
export class PacketClock {
  readonly #timeBase: Rational;
  readonly #ticks: number;
  readonly #shift: number;

  /**
   * @param frames time base of the frames.
   * @param packets that of the pipe.
   * @throws DnnError `ENOSYS` where a tick of the frames is no whole number of the packets' ticks.
   */
  constructor(frames: Rational, packets: Rational) {
    this.#timeBase = frames;
    this.#ticks = (frames.num * packets.den) / (frames.den * packets.num);
    this.#shift = (timeShift(frames) * frames.den) / frames.num;
    if (Number.isInteger(this.#ticks) && this.#ticks > 0) return;
    const words = `${packets.num}/${packets.den} and not ${frames.num}/${frames.den}`;
    throw new DnnError('ENOSYS', `its packets come in ticks of ${words}`);
  }

  /** Whether the frame of a pts has the time of another time base. */
  isAt(
    pts: number,
    { pts: other, timeBase }: { readonly pts: number; readonly timeBase: Rational },
  ): boolean {
    const { num, den } = this.#timeBase;
    return pts === other * ((timeBase.num * den) / (timeBase.den * num));
  }

  /** @throws DnnError `ENOSYS` for a time that no frame of ffmpeg's would have. */
  ptsOf(packet: number): number {
    const pts = packet / this.#ticks - this.#shift;
    if (Number.isInteger(pts)) return pts;
    throw new DnnError('ENOSYS', `a packet of it has a time between two ticks (pts ${packet} in the pipe)`);
  }
}

/** Which frames of a decoder ffmpeg would give, by their pts. */
export class FrameRange {
  readonly #first: number;
  readonly #end: number;

  /**
   * @param first pts of the first frame.
   * @param limit microseconds after it from which on there are none (libavfilter/trim.c).
   */
  constructor(first: number, limit: number | undefined, { num, den }: Rational) {
    this.#first = first;
    this.#end = limit === undefined ? Infinity : first + roundedRatio(limit * den, num * 1e6);
  }

  /** `before` the first frame, `within`, or `behind` the last. */
  placeOf(pts: number): 'before' | 'within' | 'behind' {
    if (pts < this.#first) return 'before';
    return pts < this.#end ? 'within' : 'behind';
  }
}

/** Halves away from zero, as av_rescale_q does it. */
function roundedRatio(dividend: number, divisor: number): number {
  const ratio = dividend / divisor;
  return Math.sign(ratio) * Math.round(Math.abs(ratio));
}
