/**
 * The frame buffers of a job: those that wait for their next use, and a count of those
 * that are somewhere on their way.
 */
export class BufferPool {
  readonly #idle = new Map<number, ArrayBuffer[]>();
  readonly #limit: number;
  #idleBytes = 0;
  #outstanding = 0;
  #outstandingBytes = 0;

  /** @param limit how many idle buffers of one size are kept; more are left to the garbage collector. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes of the buffers that wait here. */
  get idleBytes(): number {
    return this.#idleBytes;
  }

  /** Bytes of the buffers that are on their way. */
  get outstandingBytes(): number {
    return this.#outstandingBytes;
  }

  /** Buffers taken and neither given back nor lost: 0 when all frames of a job have reached their end. */
  get outstanding(): number {
    return this.#outstanding;
  }

  /** A buffer of exactly this size; its content is undefined. It is the caller's. */
  take(bytes: number): ArrayBuffer {
    this.#outstanding += 1;
    this.#outstandingBytes += bytes;
    const buffer = this.#idle.get(bytes)?.pop();
    if (buffer === undefined) return new ArrayBuffer(bytes);
    this.#idleBytes -= bytes;
    return buffer;
  }

  /** Gives a buffer back that was taken here, or one of the same size in its place. */
  give(buffer: ArrayBuffer): void {
    this.lose(buffer.byteLength);
    const list = this.#idle.get(buffer.byteLength) ?? [];
    if (list.length >= this.#limit) return;
    list.push(buffer);
    this.#idle.set(buffer.byteLength, list);
    this.#idleBytes += buffer.byteLength;
  }

  /** Says that a buffer of so many bytes, which somebody else made, is on its way and will be given back. */
  adopt(bytes: number): void {
    this.#outstanding += 1;
    this.#outstandingBytes += bytes;
  }

  /**
   * Says that a buffer of so many bytes will not come back: it went with a
   * worker, or with a call that failed.
   */
  lose(bytes: number): void {
    this.#outstanding -= 1;
    this.#outstandingBytes -= bytes;
  }
}
