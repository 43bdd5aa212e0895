/** Looks at a few bytes here and there of a long file, mostly forwards. */

/** Copies at most `into.length` bytes from a position of a file and gives their count. */
export type ReadBytes = (offset: number, into: Uint8Array) => number | Promise<number>;

const windowSize = 64 * 1024;

export class ByteWindow {
  /** Bytes of the file. */
  readonly size: number;
  readonly #read: ReadBytes;
  readonly #bytes = new Uint8Array(windowSize);
  #start = 0;
  #length = 0;

  constructor(read: ReadBytes, size: number) {
    this.#read = read;
    this.size = size;
  }

  /** @returns `length` bytes, or as many as there are; valid until the next call. At most 64 KiB. */
  async at(offset: number, length: number): Promise<Uint8Array> {
    const wanted = Math.max(0, Math.min(length, this.size - offset));
    const isHere = offset >= this.#start && offset + wanted <= this.#start + this.#length;
    if (!isHere) {
      this.#start = offset;
      this.#length = await this.#read(
        offset,
        this.#bytes.subarray(0, Math.min(windowSize, this.size - offset)),
      );
    }
    const from = offset - this.#start;
    return this.#bytes.subarray(from, Math.min(from + wanted, this.#length));
  }
}
