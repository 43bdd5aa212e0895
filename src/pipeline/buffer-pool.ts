/** Frame buffers that wait for their next use, so that a long job allocates no more than a short one. */
export class BufferPool {
  readonly #idle = new Map<number, ArrayBuffer[]>();
  readonly #limit: number;
  #idleBytes = 0;

  /** @param limit how many idle buffers of one size are kept; more are left to the garbage collector. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes of the buffers that wait here. */
  get idleBytes(): number {
    return this.#idleBytes;
  }

  /** A buffer of exactly this size; its content is undefined. It is the caller's. */
  take(bytes: number): ArrayBuffer {
    const buffer = this.#idle.get(bytes)?.pop();
    if (buffer === undefined) return new ArrayBuffer(bytes);
    this.#idleBytes -= bytes;
    return buffer;
  }

  /** Gives a buffer back; one that was transferred away (length 0) is ignored. */
  give(buffer: ArrayBuffer): void {
    if (buffer.byteLength === 0) return;
    const list = this.#idle.get(buffer.byteLength) ?? [];
    if (list.length >= this.#limit) return;
    list.push(buffer);
    this.#idle.set(buffer.byteLength, list);
    this.#idleBytes += buffer.byteLength;
  }
}
