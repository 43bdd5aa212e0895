/**
 * Reads NUT's elementary values (nut.txt, "syntax conventions") from a byte
 * source, counting and checksumming.
 */
import { DnnError } from '../../base/errors.ts';
import type { ByteSource } from './byte-source.ts';
import { crc32, crc32Byte } from './crc32.ts';

/** Bytes read ahead; what of a payload is among them is copied, the rest is read straight into its place. */
const READ_AHEAD = 4096;
/** A variable-length number of 64 bits takes ten bytes. */
const VARLEN_BYTES = 10;

/**
 * Cursor over a byte source. Not for two callers at once.
 *
 * Every method throws DnnError `EIO` where the source ends too early and passes the source's own errors on.
 */
export class ByteReader {
  /** What is being read, for error messages: "main header". */
  part = 'file id';
  readonly #source: ByteSource;
  readonly #buffer = new Uint8Array(READ_AHEAD);
  #start = 0;
  #end = 0;
  #position = 0;
  #checksum = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** Bytes consumed since the start of the stream. */
  get position(): number {
    return this.#position;
  }

  /** Checksum of what was consumed since `beginChecksum`, payload read by `readInto` excepted. */
  get checksum(): number {
    return this.#checksum;
  }

  beginChecksum(seed = 0): void {
    this.#checksum = seed;
  }

  /** Whether the source has ended; waits for a byte or the end. */
  async atEnd(): Promise<boolean> {
    return this.#start === this.#end && !(await this.#fill());
  }

  async u8(): Promise<number> {
    if (this.#start === this.#end && !(await this.#fill())) {
      throw this.#cut(1);
    }
    const byte = this.#buffer[this.#start++]!;
    this.#position++;
    this.#checksum = crc32Byte(this.#checksum, byte);
    return byte;
  }

  /** Big-endian, unsigned. */
  async u32(): Promise<number> {
    let value = 0;
    for (let i = 0; i < 4; i++) {
      value = value * 256 + (await this.u8());
    }
    return value;
  }

  /**
   * `v`: seven bits a byte, most significant first.
   *
   * @throws DnnError `EINVAL` above 2^53 - 1 or beyond ten bytes.
   */
  async varlen(): Promise<number> {
    const begin = this.#position;
    const value = await this.#varlen();
    if (value > Number.MAX_SAFE_INTEGER) {
      throw this.invalid(`a number above 2^53 - 1`, begin);
    }
    return value;
  }

  /** `s`: signed, zigzag-coded as 0, 1, -1, 2, -2, … */
  async signed(): Promise<number> {
    const value = await this.varlen();
    return value % 2 === 1 ? (value + 1) / 2 : value === 0 ? 0 : -value / 2;
  }

  /** Consumes a `v` or `s` of any magnitude. */
  async skipVarlen(): Promise<void> {
    await this.#varlen();
  }

  /** `vb`: a length and that many bytes. @throws DnnError `EINVAL` for more than `limit` of them. */
  async blob(limit: number): Promise<Uint8Array<ArrayBuffer>> {
    const begin = this.#position;
    const length = await this.varlen();
    if (length > limit) {
      throw this.invalid(`${length} bytes where at most ${limit} are allowed`, begin);
    }
    return this.bytes(length);
  }

  /** A few bytes; `length` must be bounded by the caller. */
  async bytes(length: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length;) {
      if (this.#start === this.#end && !(await this.#fill())) {
        throw this.#cut(length - done);
      }
      const some = this.#take(Math.min(length - done, this.#end - this.#start));
      bytes.set(some, done);
      done += some.length;
    }
    return bytes;
  }

  async skip(length: number): Promise<void> {
    for (let left = length; left > 0;) {
      if (this.#start === this.#end && !(await this.#fill())) {
        throw this.#cut(left);
      }
      left -= this.#take(Math.min(left, this.#end - this.#start)).length;
    }
  }

  /** Fills `target` whole, straight from the source but for what was read ahead. */
  async readInto(target: Uint8Array<ArrayBuffer>): Promise<void> {
    let done = Math.min(target.length, this.#end - this.#start);
    target.set(this.#buffer.subarray(this.#start, this.#start + done));
    this.#start += done;
    this.#position += done;
    while (done < target.length) {
      const count = await this.#source.read(target.subarray(done));
      if (count === 0) {
        throw this.#cut(target.length - done);
      }
      done += count;
      this.#position += count;
    }
  }

  /** The error for bytes that are no valid NUT, at `offset` (default: the byte just consumed). */
  invalid(found: string, offset = this.#position - 1): DnnError {
    return new DnnError('EINVAL', `NUT ${this.part}, byte ${offset}: ${found}`, { offset, part: this.part });
  }

  async #varlen(): Promise<number> {
    const begin = this.#position;
    let value = 0;
    for (let i = 0; i < VARLEN_BYTES; i++) {
      const byte = await this.u8();
      value = value * 128 + (byte & 127);
      if (byte < 128) {
        return value;
      }
    }
    throw this.invalid(`a number of more than ${VARLEN_BYTES} bytes`, begin);
  }

  #take(length: number): Uint8Array {
    const bytes = this.#buffer.subarray(this.#start, this.#start + length);
    this.#start += length;
    this.#position += length;
    this.#checksum = crc32(this.#checksum, bytes);
    return bytes;
  }

  async #fill(): Promise<boolean> {
    this.#start = 0;
    this.#end = 0;
    this.#end = await this.#source.read(this.#buffer);
    return this.#end > 0;
  }

  #cut(missing: number): DnnError {
    return new DnnError(
      'EIO',
      `NUT stream cut at byte ${this.#position}: ${missing} more byte(s) of the ${this.part} expected; its writer ended early`,
      { offset: this.#position, part: this.part, missing },
    );
  }
}
