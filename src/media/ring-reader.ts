/** The reading side of a frame pipe for an event loop: waits with `Atomics.waitAsync`, never blocks. */
import { DnnError } from '../base/errors.ts';
import { type CloseCode, FrameRing, type FrameRingBuffer, RingState, writerTurnWord } from './frame-ring.ts';
import { waitForChange } from './word-wait.ts';

export class RingReader {
  readonly #ring: FrameRing;

  constructor(buffer: FrameRingBuffer) {
    this.#ring = new FrameRing(buffer);
  }

  /** Bytes that can be read without waiting. */
  get available(): number {
    return this.#ring.available;
  }

  /**
   * Waits for at least one byte and copies what is there into `into`. 0 means the
   * end, or that this side was closed.
   *
   * @throws DnnError EIO with the writer's reason once everything before the break was read.
   */
  async read(into: Uint8Array): Promise<number> {
    if (into.length === 0) return 0;
    for (;;) {
      const turn = Atomics.load(this.#ring.words, writerTurnWord);
      if (this.#ring.readerClosed) return 0;
      // The state is read before the bytes: an end that comes between them must not hide the last bytes.
      const state = this.#ring.state;
      const count = this.#ring.tryRead(into);
      if (count > 0) return count;
      if (state === RingState.ended) return 0;
      if (state === RingState.broken) throw new DnnError('EIO', `The frame pipe broke: ${this.#ring.reason}`);
      await waitForChange(this.#ring.words, writerTurnWord, turn);
    }
  }

  /** Early end: what comes is dropped, the writer's next write fails with EPIPE. A pending `read` gives 0. */
  closeReader(reason = '', code?: CloseCode): void {
    this.#ring.closeReader(reason, code);
  }
}
