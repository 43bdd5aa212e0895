/** Little-endian numbers of a `.model` file, each read with its check and its byte offset. */
import { DnnError } from '../../base/errors.ts';

/**
 * Reads forwards within a part of the file; nothing is read or allocated beyond it.
 *
 * Every method throws DnnError `EINVAL` with the byte offset.
 */
export class NativeReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #file: string;
  readonly #end: number;
  #position: number;

  /** @param file name of the file, for messages. */
  constructor(bytes: Uint8Array, file: string, start: number, end = bytes.length) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#file = file;
    this.#position = start;
    this.#end = end;
  }

  /** Offset of the next byte from the start of the file. */
  get position(): number {
    return this.#position;
  }

  get left(): number {
    return this.#end - this.#position;
  }

  error(what: string, offset: number): DnnError {
    return new DnnError(
      'EINVAL',
      `model '${this.#file}': ${what} at byte ${offset} of ${this.#bytes.length}; ` +
        "the file is damaged, or it was not written for FFmpeg's native backend",
      { option: 'model', file: this.#file, offset },
    );
  }

  #take(length: number, what: string): number {
    if (!(length <= this.left)) {
      throw this.error(
        `${what} needs ${length} bytes, but only ${Math.max(this.left, 0)} are left`,
        this.#position,
      );
    }
    const start = this.#position;
    this.#position += length;
    return start;
  }

  int(what: string): number {
    return this.#view.getInt32(this.#take(4, what), true);
  }

  /** An int from `least` to `most`. */
  intWithin(what: string, least: number, most: number): number {
    const offset = this.#position;
    const value = this.int(what);
    if (value < least || value > most) {
      throw this.error(`${what} is ${value}, which is not within ${least} and ${most},`, offset);
    }
    return value;
  }

  /** One of the names of an enum, by its value. */
  oneOf<Name extends string>(what: string, names: readonly Name[]): Name {
    const offset = this.#position;
    const value = this.int(what);
    const name = names[value];
    if (name === undefined) throw this.error(`${what} has the unknown value ${value}`, offset);
    return name;
  }

  float(what: string): number {
    return this.#view.getFloat32(this.#take(4, what), true);
  }

  /** A copy of `count` floats. */
  floats(what: string, count: number): Float32Array {
    const start = this.#take(4 * count, what);
    const data = new Float32Array(count);
    for (let index = 0; index < count; index++) data[index] = this.#view.getFloat32(start + 4 * index, true);
    return data;
  }

  /** A view of `length` bytes. */
  bytes(what: string, length: number): Uint8Array {
    const start = this.#take(length, what);
    return this.#bytes.subarray(start, start + length);
  }
}
