/** The writing side of a frame pipe for an event loop: waits with `Atomics.waitAsync`, never blocks. */
import { DnnError } from '../base/errors.ts';
import { FrameRing, type FrameRingBuffer, readerTurnWord, RingState } from './frame-ring.ts';
import { waitForChange } from './word-wait.ts';

export class RingWriter {
  readonly #ring: FrameRing;

  constructor(buffer: FrameRingBuffer) {
    this.#ring = new FrameRing(buffer);
  }

  /** True once the reader wants nothing more. */
  get readerClosed(): boolean {
    return this.#ring.readerClosed;
  }

  /**
   * Resolves when all of `bytes` is in the ring; the caller may reuse them then. One write at a time.
   *
   * @throws DnnError EPIPE if the reader has closed, or if this side was ended or broken.
   */
  async write(bytes: Uint8Array): Promise<void> {
    let done = 0;
    while (done < bytes.length) {
      const turn = Atomics.load(this.#ring.words, readerTurnWord);
      if (this.#ring.readerClosed) {
        throw new DnnError(
          'EPIPE',
          `The reader closed the frame pipe: ${this.#ring.closeReason || 'it needs no more'}`,
        );
      }
      if (this.#ring.state !== RingState.open) {
        throw new DnnError(
          'EPIPE',
          `The frame pipe was ended by its writer: ${this.#ring.reason || 'at its end'}`,
        );
      }
      const count = this.#ring.tryWrite(bytes.subarray(done));
      done += count;
      if (count === 0) await waitForChange(this.#ring.words, readerTurnWord, turn);
    }
  }

  /** Resolves when the reader has read everything, or wants nothing more. */
  async drained(): Promise<void> {
    for (;;) {
      const turn = Atomics.load(this.#ring.words, readerTurnWord);
      if (this.#ring.available === 0 || this.#ring.readerClosed) return;
      await waitForChange(this.#ring.words, readerTurnWord, turn);
    }
  }

  /** No more bytes will come. */
  end(): void {
    this.#ring.end();
  }

  /** The reader gets what was written, then an error with `reason` (cut at 480 bytes). */
  break(reason: string): void {
    this.#ring.break(reason);
  }
}
