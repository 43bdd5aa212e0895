/** A reader of protobuf's wire format (protobuf.dev/programming-guides/encoding) over one byte array. */
import { DnnError } from '../../base/errors.ts';

/** The wire types that are in use; 3 and 4 (groups) are refused. */
export const WireType = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

export interface Tag {
  readonly field: number;
  readonly wireType: number;
}

const utf8 = new TextDecoder();

/**
 * Reads the fields of one message in order. Every length is checked against the enclosing message before
 * anything is read or allocated; byte arrays are views of the file.
 *
 * Every method throws DnnError `EINVAL` with the byte offset where the bytes are not protobuf.
 */
export class ProtobufReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #file: string;
  readonly #kind: string;
  readonly #end: number;
  #position: number;

  /**
   * @param file name of the file, for messages.
   * @param kind what the file should be, with its article.
   */
  constructor(bytes: Uint8Array, file: string, kind: string, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#file = file;
    this.#kind = kind;
    this.#position = start;
    this.#end = end;
  }

  /** Its name, for messages. */
  get file(): string {
    return this.#file;
  }

  /** Offset of the next byte from the start of the file. */
  get position(): number {
    return this.#position;
  }

  get done(): boolean {
    return this.#position >= this.#end;
  }

  /** Builds the error for something wrong at a byte offset of this file. */
  error(what: string, offset = this.#position): DnnError {
    return new DnnError(
      'EINVAL',
      `model '${this.#file}': ${what} at byte ${offset} of ${this.#bytes.length}; ` +
        `the file is cut or damaged, or it is not ${this.#kind}`,
      { option: 'model', file: this.#file, offset },
    );
  }

  readTag(): Tag {
    const offset = this.#position;
    const tag = this.readVarint();
    const field = Math.floor(tag / 8);
    if (tag < 8 || field > 0x1fffffff) throw this.error(`bad field number ${field}`, offset);
    return { field, wireType: tag % 8 };
  }

  /** An int64, int32, enum or bool; beyond 2^53 the nearest double. */
  readVarint(): number {
    const start = this.#position;
    let low = 0;
    let factor = 1;
    for (let count = 0; count < 4; count++) {
      const byte = this.#nextByte(start);
      low += (byte & 0x7f) * factor;
      if (byte < 0x80) return low;
      factor *= 128;
    }
    let value = BigInt(low);
    for (let shift = 28n; shift < 70n; shift += 7n) {
      const byte = this.#nextByte(start);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asIntN(64, value));
    }
    throw this.error('an integer of more than 10 bytes', start);
  }

  readFloat(): number {
    return this.#view.getFloat32(this.#take(4, 'a float'), true);
  }

  readDouble(): number {
    return this.#view.getFloat64(this.#take(8, 'a double'), true);
  }

  /** A view of a length-delimited field; copy it to keep it longer than the file. */
  readBytes(): Uint8Array {
    const length = this.#readLength();
    const start = this.#take(length, 'a field');
    return this.#bytes.subarray(start, start + length);
  }

  readString(): string {
    return utf8.decode(this.readBytes());
  }

  /** A string that is a name: it has no control characters, which would break the lines of messages. */
  readName(): string {
    const offset = this.#position;
    const name = this.readString();
    if (/\p{Cc}/u.test(name)) throw this.error('a name with control characters', offset);
    return name;
  }

  /** A reader of the embedded message; this reader stands behind it afterwards. */
  readMessage(): ProtobufReader {
    const length = this.#readLength();
    const start = this.#take(length, 'a message');
    return new ProtobufReader(this.#bytes, this.#file, this.#kind, start, start + length);
  }

  /** Calls `read` for each value of a repeated scalar field, packed or not. */
  readRepeated(tag: Tag, read: (reader: ProtobufReader) => void): void {
    if (tag.wireType !== WireType.bytes) {
      read(this);
      return;
    }
    const packed = this.readMessage();
    while (!packed.done) read(packed);
  }

  /** Skips the value of a field that is of no interest. */
  skip(tag: Tag): void {
    switch (tag.wireType) {
      case WireType.varint:
        this.readVarint();
        break;
      case WireType.fixed64:
        this.#take(8, 'a field');
        break;
      case WireType.bytes:
        this.#take(this.#readLength(), 'a field');
        break;
      case WireType.fixed32:
        this.#take(4, 'a field');
        break;
      default:
        throw this.error(`wire type ${tag.wireType} of field ${tag.field}`);
    }
  }

  /** @throws DnnError unless the field is encoded as expected. */
  expect(tag: Tag, wireType: number): void {
    if (tag.wireType !== wireType) {
      throw this.error(`field ${tag.field} has wire type ${tag.wireType} instead of ${wireType}`);
    }
  }

  #readLength(): number {
    const offset = this.#position;
    const length = this.readVarint();
    if (length < 0) throw this.error(`a negative length`, offset);
    return length;
  }

  #take(length: number, what: string): number {
    const start = this.#position;
    if (length > this.#end - start) {
      throw this.error(`${what} of ${length} bytes where ${this.#end - start} are left`);
    }
    this.#position = start + length;
    return start;
  }

  #nextByte(start: number): number {
    if (this.#position >= this.#end) throw this.error('an unfinished integer', start);
    return this.#bytes[this.#position++]!;
  }
}
