/** What the writer of a container writes, kept until it is fetched. */
import { StreamTarget, type StreamTargetChunk } from 'mediabunny';
import type { FileWrite } from './container-contract.ts';

export class FileWrites {
  /** Where the writer writes to. */
  readonly target: StreamTarget;
  #writes: FileWrite[] = [];

  constructor() {
    const sink = new WritableStream<StreamTargetChunk>({
      write: ({ position, data }) => {
        this.#writes.push({ position, data });
      },
    });
    this.target = new StreamTarget(sink);
  }

  /** All since the last call; the caller's. */
  take(): readonly FileWrite[] {
    const writes = this.#writes;
    this.#writes = [];
    return writes;
  }
}
