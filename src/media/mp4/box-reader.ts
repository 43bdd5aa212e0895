/** Boxes of ISO/IEC 14496-12 (the base media file format of mp4 and mov) in memory. */
import { DnnError } from '../../base/errors.ts';

/** One box; positions are bytes from the start of what was read. */
export interface Box {
  /** Four characters, one for each byte. */
  readonly type: string;
  readonly start: number;
  /** Where what follows size and type begins. */
  readonly body: number;
  readonly end: number;
}

/** Size and type of a box; `size` 0 means that it goes on to the end of the file. */
export interface BoxHeader {
  readonly type: string;
  /** Bytes of size and type: 8, or 16 where the size has 64 bits. */
  readonly length: number;
  /** Bytes of the box with its header. */
  readonly size: number;
}

/** Bytes that a header has at most. */
export const longestHeader = 16;

/** The header at the start of `bytes`; undefined where they are too few, or its size is impossible. */
export function readBoxHeader(bytes: Uint8Array): BoxHeader | undefined {
  if (bytes.length < 8) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const type = String.fromCharCode(...bytes.subarray(4, 8));
  const short = view.getUint32(0);
  if (short === 0) return { type, length: 8, size: 0 };
  if (short !== 1) return short < 8 ? undefined : { type, length: 8, size: short };
  if (bytes.length < 16) return undefined;
  const size = view.getUint32(8) * 2 ** 32 + view.getUint32(12);
  return size < 16 ? undefined : { type, length: 16, size };
}

/**
 * The boxes that fill `bytes` from `start` to `end`.
 *
 * @throws DnnError EIO with the offset where no box is.
 */
export function boxesIn(bytes: Uint8Array, start = 0, end = bytes.length): Box[] {
  const boxes: Box[] = [];
  for (let at = start; at < end;) {
    const header = readBoxHeader(bytes.subarray(at, end));
    const size = header?.size === 0 ? end - at : (header?.size ?? 0);
    if (header === undefined || size > end - at)
      throw new DnnError('EIO', `There is no whole box at byte ${at} of the index.`, { offset: at });
    boxes.push({ type: header.type, start: at, body: at + header.length, end: at + size });
    at += size;
  }
  return boxes;
}

/** The first box of a type. @throws DnnError EIO where there is none. */
export function boxNamed(boxes: readonly Box[], type: string): Box {
  const found = boxes.find((box) => box.type === type);
  if (found === undefined) throw new DnnError('EIO', `The index has no ${type} box.`, { type });
  return found;
}

/** Byte of the first place where a box's four letters stand; -1 where there is none. */
export function offsetOf(bytes: Uint8Array, type: string): number {
  const code = Array.from(type, (letter) => letter.charCodeAt(0));
  for (let at = bytes.indexOf(code[0]!); at >= 0; at = bytes.indexOf(code[0]!, at + 1)) {
    if (code.every((letter, index) => bytes[at + index] === letter)) return at;
  }
  return -1;
}
