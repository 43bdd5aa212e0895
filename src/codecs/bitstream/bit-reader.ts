/**
 * Reads bits of headers, the most significant first: `f(n)`, `u(n)`, `ue(v)`, `se(v)` of Rec. ITU-T H.264
 * (7.2, 9.1) and H.265, which call the same things by the same names.
 */
import { DnnError } from '../../base/errors.ts';

/** Zeros in front of an Exp-Golomb code of 32 bits. */
const MOST_ZEROS = 31;

/** Where bits are. */
export interface BitPlace {
  /** What is being read, for messages: `H.264 SPS`. */
  readonly part: string;
  /** Where `bytes` begin in what holds them, for messages. */
  readonly offset: number;
  /** Whether each 3 behind two zeros is only there to break up a start code (H.264 7.3.1). */
  readonly isEscaped?: boolean;
}

/** A cursor. Every method throws DnnError `EINVAL`, with the byte offset, where the bits end too early. */
export class BitReader {
  readonly #bytes: Uint8Array;
  readonly #place: BitPlace;
  /** The next byte, and the bits of the one before it that are left. */
  #next = 0;
  #left = 0;
  #zeros = 0;

  constructor(bytes: Uint8Array, place: BitPlace) {
    this.#bytes = bytes;
    this.#place = place;
  }

  bit(): number {
    if (this.#left === 0) this.#nextByte();
    this.#left -= 1;
    return (this.#bytes[this.#next - 1]! >> this.#left) & 1;
  }

  flag(): boolean {
    return this.bit() === 1;
  }

  /** An unsigned number of up to 53 bits. */
  bits(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) value = 2 * value + this.bit();
    return value;
  }

  skip(count: number): void {
    for (let i = 0; i < count; i++) this.bit();
  }

  /** `ue(v)`, up to 2^32 - 2. */
  ue(): number {
    let zeros = 0;
    while (this.bit() === 0) {
      zeros += 1;
      if (zeros > MOST_ZEROS) throw this.invalid('a number of more than 32 bits');
    }
    return 2 ** zeros - 1 + this.bits(zeros);
  }

  /** `se(v)`. */
  se(): number {
    const code = this.ue();
    return code % 2 === 1 ? (code + 1) / 2 : code === 0 ? 0 : -code / 2;
  }

  /**
   * `ue(v)` of a field that has a range.
   * @throws DnnError `EINVAL` for a larger one than `most`.
   */
  ueUpTo(name: string, most: number): number {
    const value = this.ue();
    if (value > most) throw this.invalid(`${name} is ${value}, expected at most ${most}`);
    return value;
  }

  /** The error for bits that cannot be, at the byte just read. */
  invalid(found: string): DnnError {
    const { part } = this.#place;
    const offset = this.#place.offset + Math.max(0, this.#next - 1);
    return new DnnError('EINVAL', `${part}, byte ${offset}: ${found}`, { part, offset });
  }

  #nextByte(): void {
    if (this.#place.isEscaped === true && this.#zeros >= 2 && this.#bytes[this.#next] === 3) {
      this.#next += 1;
      this.#zeros = 0;
    }
    const byte = this.#bytes[this.#next];
    this.#next += 1;
    if (byte === undefined) throw this.invalid('it ends too early');
    this.#zeros = byte === 0 ? this.#zeros + 1 : 0;
    this.#left = 8;
  }
}
