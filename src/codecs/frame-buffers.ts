/** The buffers that were sent along for frames, until a frame takes them or they go back. */
export class FrameBuffers {
  readonly #buffers: ArrayBuffer[] = [];

  /** They are this object's from now on. */
  add(buffers: readonly ArrayBuffer[]): void {
    this.#buffers.push(...buffers);
  }

  /** A buffer of exactly this size, a new one where none is here; its content is undefined. */
  take(bytes: number): ArrayBuffer {
    const index = this.#buffers.findIndex(({ byteLength }) => byteLength === bytes);
    const [buffer] = index < 0 ? [] : this.#buffers.splice(index, 1);
    return buffer ?? new ArrayBuffer(bytes);
  }

  /** Those beyond the first so many, the caller's now. */
  giveBack(kept: number): readonly ArrayBuffer[] {
    return this.#buffers.splice(kept);
  }
}
