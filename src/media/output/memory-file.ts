/**
 * An output in memory, for browsers without the origin private file system: a
 * list of chunks, grown as needed.
 */
import { DnnError } from '../../base/errors.ts';
import type { OutputFile } from './output-target.ts';

const chunkSize = 1024 * 1024;

/** @throws DnnError ENOSPC where the browser gives no more memory. */
function allocateChunk(): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(chunkSize);
  } catch (thrown) {
    throw new DnnError('ENOSPC', 'The browser has no memory for more.', {}, { cause: thrown });
  }
}

export class MemoryFile implements OutputFile {
  #chunks: Uint8Array<ArrayBuffer>[] = [];
  #size = 0;

  write(offset: number, bytes: Uint8Array): void {
    let done = 0;
    while (done < bytes.length) {
      const [chunk, start] = this.#chunkAt(offset + done);
      const part = bytes.subarray(done, done + chunkSize - start);
      chunk.set(part, start);
      done += part.length;
    }
    this.#size = Math.max(this.#size, offset + bytes.length);
  }

  read(offset: number, into: Uint8Array): number {
    const count = Math.max(0, Math.min(into.length, this.#size - offset));
    let done = 0;
    while (done < count) {
      const [chunk, start] = this.#chunkAt(offset + done);
      const part = chunk.subarray(start, start + count - done);
      into.set(part, done);
      done += part.length;
    }
    return count;
  }

  truncate(size: number): void {
    if (size < this.#size) {
      // Growing by truncation makes no chunks: there may be fewer than the size says.
      this.#chunks.length = Math.min(this.#chunks.length, Math.ceil(size / chunkSize));
      // What is cut off reads as zeros if the file grows again.
      this.#chunks.at(-1)?.fill(0, size - (this.#chunks.length - 1) * chunkSize);
    }
    this.#size = size;
  }

  rename(): void {
    // Memory has no names.
  }

  rest(): void {
    // Memory has no handle to give up.
  }

  finish(): Promise<Blob> {
    const parts = Array.from({ length: Math.ceil(this.#size / chunkSize) }, (_, index) =>
      this.#chunkAt(index * chunkSize)[0].subarray(0, this.#size - index * chunkSize),
    );
    const blob = new Blob(parts);
    this.#chunks = [];
    return Promise.resolve(blob);
  }

  discard(): Promise<void> {
    this.#chunks = [];
    this.#size = 0;
    return Promise.resolve();
  }

  #chunkAt(offset: number): [chunk: Uint8Array<ArrayBuffer>, start: number] {
    const index = Math.floor(offset / chunkSize);
    while (this.#chunks.length <= index) this.#chunks.push(allocateChunk());
    return [this.#chunks[index]!, offset - index * chunkSize];
  }
}
