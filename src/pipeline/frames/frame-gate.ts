/** Holds frames back while a job is paused; what has passed goes on. */
import { createDeferred, type Deferred } from '../../base/deferred.ts';
import type { Frame } from '../../frame/frame.ts';
import type { FrameStream } from './frame-stream.ts';

export class FrameGate {
  #opened: Deferred<undefined> | undefined;

  get isClosed(): boolean {
    return this.#opened !== undefined;
  }

  close(): void {
    this.#opened ??= createDeferred<undefined>();
  }

  open(): void {
    this.#opened?.resolve(undefined);
    this.#opened = undefined;
  }

  /** The stream, whose frames wait while the gate is closed. Stopping it goes through at once. */
  guard(stream: FrameStream): FrameStream {
    const waitUntilOpen = async (): Promise<void> => {
      // Closed again meanwhile: the frame has to wait once more.
      while (this.#opened !== undefined) await this.#opened.promise;
    };
    async function* frames(): AsyncGenerator<Frame, void, undefined> {
      for await (const frame of stream.frames) {
        await waitUntilOpen();
        yield frame;
      }
    }
    return { ...stream, frames: frames() };
  }
}
