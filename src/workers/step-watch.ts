/** Tells what hangs from what is slow, by the steps that it makes and what they have taken so far. Pure. */

/** What is seen of something at work; both only grow. */
export interface StepSample {
  /** Steps that it has made. */
  readonly steps: number;
  /** Milliseconds for which it has waited for others. */
  readonly waitedMs: number;
}

/** When a step is given up. */
export interface StepLimit {
  /** Milliseconds: no step is given up sooner. */
  readonly leastMs: number;
  /** Whether that is all: otherwise slow steps so far, and a first step, give a longer time. */
  readonly isFixed: boolean;
}

/**
 * A step may take this many times what the slowest one has. An encoder that is told of the end gives what it
 * has held back, 40 to 60 frames by x264's presets, without a step between them that could be seen.
 */
const patience = 100;

/** What a first step may take, in times of `leastMs`: it also starts everything. */
const firstPatience = 3;

export class StepWatch {
  #last: StepSample = { steps: 0, waitedMs: 0 };
  /** Milliseconds of work since the last step. */
  #workedMs = 0;
  #slowestMs: number | undefined;

  /** Milliseconds of work after which a step counts as hung. */
  limitMs({ leastMs, isFixed }: StepLimit): number {
    if (isFixed) return leastMs;
    return this.#slowestMs === undefined
      ? firstPatience * leastMs
      : Math.max(leastMs, patience * this.#slowestMs);
  }

  /**
   * To be called again and again.
   *
   * @param passedMs time since the last look in which it could have worked.
   * @returns how long it has worked at its step, in milliseconds, once that is too long.
   */
  look(sample: StepSample, passedMs: number, limit: StepLimit): number | undefined {
    const steps = sample.steps - this.#last.steps;
    const waitedMs = sample.waitedMs - this.#last.waitedMs;
    const workedMs = this.#workedMs + Math.max(0, passedMs - waitedMs);
    this.#last = sample;
    if (steps > 0) {
      // The first of them had begun before the last look; the others share what has passed since.
      this.#slowestMs = Math.max(this.#slowestMs ?? 0, this.#workedMs, workedMs / steps);
      this.#workedMs = 0;
      return undefined;
    }
    this.#workedMs = workedMs;
    return workedMs >= this.limitMs(limit) ? workedMs : undefined;
  }
}
