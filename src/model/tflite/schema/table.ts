/** FlatBuffers tables read field by field, each access held to the buffer: damaged files end in an error. */
import { ByteBuffer } from 'flatbuffers';
import { DnnError } from '../../../base/errors.ts';

/** A file as FlatBuffers reads it. */
export class FlatFile {
  readonly buffer: ByteBuffer;
  readonly bytes: Uint8Array;
  /** Name of the file, for messages. */
  readonly file: string;
  #elementsLeft: number;

  constructor(bytes: Uint8Array, file: string) {
    this.bytes = bytes;
    this.buffer = new ByteBuffer(bytes);
    this.file = file;
    this.#elementsLeft = bytes.length;
  }

  /** The table that the file starts from. */
  root(): Table {
    return new Table(this, this.target(0));
  }

  error(what: string, offset: number): DnnError {
    return new DnnError(
      'EINVAL',
      `model '${this.file}': ${what} at byte ${offset}; the file is damaged or cut: fetch or convert the model again`,
      { option: 'model', file: this.file, offset },
    );
  }

  /** @throws DnnError `EINVAL` where the bytes are not all in the file. */
  check(offset: number, length: number): void {
    if (!(offset >= 0 && length >= 0 && offset + length <= this.bytes.length)) {
      throw this.error(`${length} bytes are told of that are not there`, offset);
    }
  }

  /** Lists that damage makes overlap could fill all memory; sound ones are no longer than the file. */
  takeElements(count: number, offset: number): void {
    this.#elementsLeft -= count;
    if (this.#elementsLeft < 0) throw this.error('lists that overlap', offset);
  }

  /** Where the reference at an offset leads. */
  target(offset: number): number {
    this.check(offset, 4);
    const target = offset + this.buffer.readUint32(offset);
    this.check(target, 4);
    return target;
  }
}

/** A list in the file: where its first element stands, and how many there are. */
interface Vector {
  readonly start: number;
  readonly length: number;
}

/** One table; fields have the numbers of their place in the schema, and absent ones their default. */
export class Table {
  /** Where it stands in the file. */
  readonly offset: number;
  readonly #file: FlatFile;
  readonly #fields: number;
  readonly #fieldBytes: number;

  constructor(file: FlatFile, offset: number) {
    this.#file = file;
    this.offset = offset;
    file.check(offset, 4);
    this.#fields = offset - file.buffer.readInt32(offset);
    file.check(this.#fields, 4);
    this.#fieldBytes = file.buffer.readUint16(this.#fields);
    file.check(this.#fields, this.#fieldBytes);
  }

  /** Where a field's value stands; undefined where it is absent. */
  #place(field: number, size: number): number | undefined {
    const entry = 4 + 2 * field;
    if (entry + 2 > this.#fieldBytes) return undefined;
    const place = this.#file.buffer.readUint16(this.#fields + entry);
    if (place === 0) return undefined;
    this.#file.check(this.offset + place, size);
    return this.offset + place;
  }

  #number(field: number, size: number, otherwise: number, read: (offset: number) => number): number {
    const place = this.#place(field, size);
    return place === undefined ? otherwise : read(place);
  }

  int8(field: number, otherwise = 0): number {
    return this.#number(field, 1, otherwise, (at) => this.#file.buffer.readInt8(at));
  }

  flag(field: number): boolean {
    return this.int8(field) !== 0;
  }

  int32(field: number, otherwise = 0): number {
    return this.#number(field, 4, otherwise, (at) => this.#file.buffer.readInt32(at));
  }

  uint32(field: number, otherwise = 0): number {
    return this.#number(field, 4, otherwise, (at) => this.#file.buffer.readUint32(at));
  }

  /** Numbers above 2^53 lose their last digits: none of them is an offset in a file. */
  uint64(field: number): number {
    return this.#number(field, 8, 0, (at) => Number(this.#file.buffer.readUint64(at)));
  }

  float32(field: number, otherwise = 0): number {
    return this.#number(field, 4, otherwise, (at) => this.#file.buffer.readFloat32(at));
  }

  #vector(field: number, size: number): Vector {
    const place = this.#place(field, 4);
    if (place === undefined) return { start: 0, length: 0 };
    const target = this.#file.target(place);
    const length = this.#file.buffer.readUint32(target);
    this.#file.check(target + 4, length * size);
    if (size > 1) this.#file.takeElements(length, target);
    return { start: target + 4, length };
  }

  #list(field: number, size: number, read: (offset: number) => number): number[] {
    const { start, length } = this.#vector(field, size);
    return Array.from({ length }, (_, index) => read(start + index * size));
  }

  int32s(field: number): number[] {
    return this.#list(field, 4, (at) => this.#file.buffer.readInt32(at));
  }

  float32s(field: number): number[] {
    return this.#list(field, 4, (at) => this.#file.buffer.readFloat32(at));
  }

  int64s(field: number): number[] {
    return this.#list(field, 8, (at) => Number(this.#file.buffer.readInt64(at)));
  }

  /** A view of the file, no copy. */
  bytes(field: number): Uint8Array {
    const { start, length } = this.#vector(field, 1);
    return this.#file.bytes.subarray(start, start + length);
  }

  text(field: number): string {
    return new TextDecoder().decode(this.bytes(field));
  }

  table(field: number): Table | undefined {
    const place = this.#place(field, 4);
    return place === undefined ? undefined : new Table(this.#file, this.#file.target(place));
  }

  tables(field: number): Table[] {
    const { start, length } = this.#vector(field, 4);
    return Array.from({ length }, (_, at) => new Table(this.#file, this.#file.target(start + 4 * at)));
  }

  has(field: number): boolean {
    return this.#place(field, 1) !== undefined;
  }
}
