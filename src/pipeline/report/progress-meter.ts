/** Turns "a frame went to the encoder" into progress events, a few a second. */
import type { Progress } from '../../workers/pipeline-api.ts';

const intervalMs = 200;

export class ProgressMeter {
  readonly #report: (progress: Progress) => void;
  readonly #frames: number | undefined;
  #first: number | undefined;
  #last = 0;
  #lastReport = -Infinity;
  #frame = 0;
  #time = 0;
  /** Milliseconds of pauses that are over, and when the present one began. */
  #paused = 0;
  #pausedSince: number | undefined;

  /** @param frames expected number, where it is known. */
  constructor(frames: number | undefined, report: (progress: Progress) => void) {
    this.#frames = frames;
    this.#report = report;
  }

  /**
   * From now on no frame is expected: the time until `resume` counts neither for
   * the rate nor for what is left.
   */
  pause(): void {
    this.#pausedSince ??= performance.now();
  }

  resume(): void {
    if (this.#pausedSince !== undefined) this.#paused += performance.now() - this.#pausedSince;
    this.#pausedSince = undefined;
  }

  /** @param time seconds of the frame since the first one. */
  frameDone(time: number): void {
    const now = this.#now();
    this.#first ??= now;
    this.#last = now;
    this.#frame += 1;
    this.#time = time;
    if (now - this.#lastReport < intervalMs) return;
    this.#lastReport = now;
    this.#report(this.#progress(now));
  }

  /**
   * The last event of a job that was stopped: what was reached, and nothing is left to be waited for.
   *
   * @param encoded frames by the encoder's own count, where it told one.
   */
  stop(encoded?: number): void {
    const { frame, frames, time, fps, progress } = this.#progress(this.#now());
    this.#report({ frame: encoded ?? frame, frames, time, fps, progress });
  }

  /**
   * The last event of a job that succeeded: all of it is done.
   *
   * @param encoded frames by the encoder's own count, where it told one.
   */
  finish(encoded?: number): void {
    const { time, fps, ...counted } = this.#progress(this.#now());
    const frame = encoded ?? counted.frame;
    this.#report({ frame, frames: frame, time, fps, progress: 1, eta: 0 });
  }

  get frame(): number {
    return this.#frame;
  }

  /** Between the first frame and the last one so far, pauses left out. */
  get seconds(): number {
    return (this.#last - (this.#first ?? 0)) / 1000;
  }

  #now(): number {
    return (this.#pausedSince ?? performance.now()) - this.#paused;
  }

  #progress(now: number): Progress {
    const elapsed = (now - (this.#first ?? now)) / 1000;
    // The first frame starts the clock, so it does not count as work that was timed.
    const fps = elapsed > 0 ? (this.#frame - 1) / elapsed : 0;
    const known = this.#frames === undefined ? undefined : Math.max(this.#frames, this.#frame);
    return {
      frame: this.#frame,
      frames: known,
      time: this.#time,
      progress: known === undefined ? undefined : this.#frame / known,
      fps,
      eta: known === undefined || fps === 0 ? undefined : (known - this.#frame) / fps,
    };
  }
}
