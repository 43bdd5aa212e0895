/** Byte source and sink in memory: what unit tests put in place of pipes. */
import type { ByteSink } from './byte-sink.ts';
import type { ByteSource } from './byte-source.ts';

/** A source of `bytes` that gives at most `chunk` of them at a time. */
export function memorySource(bytes: Uint8Array, chunk = Infinity): ByteSource {
  let position = 0;
  return {
    read(into) {
      const count = Math.min(into.length, bytes.length - position, chunk);
      into.set(bytes.subarray(position, position + count));
      position += count;
      return Promise.resolve(count);
    },
  };
}

export class MemorySink implements ByteSink {
  /** What was written, as it was given: no copies. */
  readonly writes: Uint8Array[] = [];
  readonly #copies: Uint8Array[] = [];

  write(bytes: Uint8Array): Promise<void> {
    this.writes.push(bytes);
    this.#copies.push(bytes.slice());
    return Promise.resolve();
  }

  /** Everything that was written. */
  get bytes(): Uint8Array {
    const length = this.#copies.reduce((sum, part) => sum + part.length, 0);
    const all = new Uint8Array(length);
    let offset = 0;
    for (const part of this.#copies) {
      all.set(part, offset);
      offset += part.length;
    }
    return all;
  }
}
