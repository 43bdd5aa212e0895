/**
 * Collects NUT's elementary values (nut.txt, "syntax conventions") as bytes;
 * headers only, so it simply grows.
 */

/** Write side of ByteReader. Numbers must be safe integers. */
export class ByteBuffer {
  #bytes = new Uint8Array(256);
  #length = 0;

  /** What was written; a view that the next write may invalidate. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  get length(): number {
    return this.#length;
  }

  clear(): void {
    this.#length = 0;
  }

  u8(value: number): void {
    if (this.#length === this.#bytes.length) {
      this.#grow(1);
    }
    this.#bytes[this.#length++] = value;
  }

  /** Big-endian. */
  u32(value: number): void {
    for (const shift of [24, 16, 8, 0]) {
      this.u8((value >>> shift) & 255);
    }
  }

  /** `v`: a non-negative number, seven bits a byte, most significant first. */
  varlen(value: number): void {
    let scale = 1;
    while (value / scale >= 128) {
      scale *= 128;
    }
    for (; scale > 1; scale /= 128) {
      this.u8(128 | (Math.floor(value / scale) % 128));
    }
    this.u8(value % 128);
  }

  /** `s`: signed, zigzag-coded as 0, 1, -1, 2, -2, … */
  signed(value: number): void {
    this.varlen(value > 0 ? 2 * value - 1 : -2 * value);
  }

  append(bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#bytes.length) {
      this.#grow(bytes.length);
    }
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** `vb`: a length and that many bytes. */
  blob(bytes: Uint8Array): void {
    this.varlen(bytes.length);
    this.append(bytes);
  }

  #grow(more: number): void {
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + more));
    larger.set(this.bytes);
    this.#bytes = larger;
  }
}
