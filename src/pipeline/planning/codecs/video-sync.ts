/**
 * When each frame is encoded, how often, and which frames are not; mirrors fftools/ffmpeg.c · do_video_out
 * and adjust_frame_pts_to_encoder_tb of 5.1, where filters stand before the encoder.
 */
import { roundHalfToEven } from '../../../base/option-table-values.ts';
import type { Rational } from '../../../media/nut/nut-stream.ts';

/** FFmpeg's VSYNC_PASSTHROUGH, VSYNC_VFR, VSYNC_CFR and VSYNC_VSCFR. */
export type FpsMode = 'passthrough' | 'vfr' | 'cfr' | 'vscfr';

export interface VideoSyncOptions {
  readonly mode: FpsMode;
  /** Seconds per tick of the frames' times. */
  readonly timeBase: Rational;
  /** Of the frames, by ffmpeg's word: the encoder's tick is one frame of it. */
  readonly frameRate: Rational;
  /** Of `-frames`; more are not encoded. */
  readonly mostFrames?: number;
}

/** What becomes of frames once another one has come. */
export interface SyncedTimes {
  /** Further times of the frame before, in the encoder's ticks; ascending. */
  readonly before: readonly number[];
  /** Times of the frame itself. */
  readonly times: readonly number[];
}

/** More repeats than an hour of 30 frames a second are taken for a mistake (`dts_error_threshold`). */
const mostRepeats = 3600 * 30;

export class VideoSync {
  readonly #mode: FpsMode;
  readonly #frameRate: Rational;
  readonly #timeBase: Rational;
  readonly #mostFrames: number;
  /** Bits below the encoder's tick with which times are compared. */
  readonly #extraBits: number;
  #next = 0;
  #frames = 0;
  #hasFrame = false;
  /** Repeats of the last frames, the newest first. */
  #repeats: readonly [number, number, number] = [0, 0, 0];

  constructor({ mode, timeBase, frameRate, mostFrames = Infinity }: VideoSyncOptions) {
    this.#mode = mode;
    this.#timeBase = timeBase;
    this.#frameRate = frameRate;
    this.#mostFrames = mostFrames;
    this.#extraBits = Math.min(16, Math.max(0, 29 - Math.floor(Math.log2(frameRate.num))));
  }

  /** Whether `-frames` is reached. */
  get isFull(): boolean {
    return this.#frames >= this.#mostFrames;
  }

  /** To be asked of each frame in turn. @param pts in ticks of the frames' time base. */
  frame(pts: number): SyncedTimes {
    const { count, repeats } = this.#counts(this.#encoderTime(pts));
    if (count > mostRepeats) return { before: [], times: [] };
    const times = this.#take(count, repeats);
    // The first frame has none before it that could be repeated.
    const split = this.#hasFrame ? Math.min(repeats, count) : 0;
    this.#hasFrame = true;
    return { before: times.slice(0, split), times: times.slice(split) };
  }

  /** To be asked behind the last frame. @returns further times of it. */
  finish(): readonly number[] {
    const [a, b, c] = this.#repeats;
    const median = Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    return this.#hasFrame ? this.#take(median, median) : [];
  }

  /** How often a frame at a time is encoded, repeats of the frame before included. */
  #counts(time: number): { readonly count: number; readonly repeats: number } {
    // As long as the encoder's tick.
    const duration = 1;
    let at = time;
    let drift = at - this.#next;
    let end = drift + duration;
    if (drift < 0 && end > 0 && this.#mode !== 'passthrough') {
      at = this.#next;
      drift = 0;
    }
    switch (this.#mode) {
      case 'passthrough':
        this.#next = roundHalfToEven(at);
        return { count: 1, repeats: 0 };
      case 'vfr':
        if (end <= -0.6) return { count: 0, repeats: 0 };
        if (end > 0.6) this.#next = roundHalfToEven(at);
        return { count: 1, repeats: 0 };
      case 'vscfr':
      case 'cfr':
        if (this.#mode === 'vscfr' && this.#frames === 0 && drift >= 0.5) {
          end = duration;
          drift = 0;
          this.#next = roundHalfToEven(at);
        }
        if (end < -1.1) return { count: 0, repeats: 0 };
        if (end <= 1.1) return { count: 1, repeats: 0 };
        return {
          count: roundHalfToEven(Math.fround(end)),
          repeats: drift > 1.1 ? roundHalfToEven(Math.fround(drift - 0.6)) : 0,
        };
    }
  }

  #take(count: number, repeats: number): number[] {
    const taken = Math.min(count, this.#mostFrames - this.#frames);
    this.#repeats = [Math.min(repeats, taken), this.#repeats[0], this.#repeats[1]];
    const times = Array.from({ length: Math.max(0, taken) }, (_, index) => this.#next + index);
    this.#next += times.length;
    this.#frames += times.length;
    return times;
  }

  /** A time in the encoder's ticks, with a fraction. */
  #encoderTime(pts: number): number {
    const { num, den } = this.#timeBase;
    const scale = 2 ** this.#extraBits;
    const time = rescale(pts, num * this.#frameRate.num * scale, den * this.#frameRate.den) / scale;
    return time + Math.sign(time) / 2 ** 17;
  }
}

/** `value * factor / divisor`, exactly, halves away from zero (libavutil/mathematics.c · av_rescale). */
function rescale(value: number, factor: number, divisor: number): number {
  const product = BigInt(Math.abs(value)) * BigInt(factor);
  const by = BigInt(divisor);
  return Math.sign(value) * Number((2n * product + by) / (2n * by));
}
