/** The moves of frames into the ends of a job, and why they failed. */
import { SourceFailure } from './source-failure.ts';

export class FrameTransfers {
  readonly #all: Promise<unknown>[] = [];
  /** In the order in which it happened. */
  readonly #failures: unknown[] = [];

  /** Follows a transfer; what it fails with is kept here, and need not be caught. */
  watch(transfer: Promise<unknown>): void {
    transfer.catch((reason: unknown) => {
      this.#failures.push(reason);
    });
    this.#all.push(transfer);
  }

  get hasFailed(): boolean {
    return this.#failures.length > 0;
  }

  /** What failed first; undefined where nothing did. */
  get firstFailure(): unknown {
    return this.#failures[0];
  }

  /**
   * What failed first in this project's own stages; undefined where nothing did but what gives the frames.
   */
  get ownFailure(): unknown {
    return this.#failures.find((reason) => !(reason instanceof SourceFailure));
  }

  /** Waits until all that are followed now have ended, however they did. */
  async ended(): Promise<void> {
    await Promise.allSettled(this.#all);
  }
}
