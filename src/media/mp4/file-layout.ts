/** Where the parts of an mp4 or mov file lie. */
import { longestHeader, readBoxHeader } from './box-reader.ts';
import type { ReadBytes } from './byte-window.ts';

export interface FileLayout {
  /** The box with the samples; undefined where there is none. */
  readonly data: DataBox | undefined;
  /** Whether the file has an index, or is in fragments, each with its own: it needs no mending. */
  readonly isIndexed: boolean;
}

export interface DataBox {
  /** Byte of its header. */
  readonly start: number;
  /** Byte of its first sample. */
  readonly body: number;
  /** Where it ends, as its header says, or the file. */
  readonly end: number;
  /** An empty box of eight bytes stands before it, kept free for a size of 64 bits. */
  readonly hasRoom: boolean;
}

/** Boxes that are looked at; ffmpeg writes fewer before the samples. */
const boxLimit = 64;

/** @param size bytes of the file. */
export async function readFileLayout(read: ReadBytes, size: number): Promise<FileLayout> {
  let data: DataBox | undefined;
  let hasRoom = false;
  let at = 0;
  for (let count = 0; at < size && count < boxLimit; count++) {
    const bytes = new Uint8Array(longestHeader);
    const header = readBoxHeader(bytes.subarray(0, await read(at, bytes)));
    if (header === undefined) break;
    const end = header.size === 0 ? size : at + header.size;
    if (['moov', 'moof'].includes(header.type) && end <= size) return { data, isIndexed: true };
    if (header.type === 'mdat') {
      data ??= { start: at, body: at + header.length, end: Math.min(end, size), hasRoom };
    }
    hasRoom = ['free', 'wide'].includes(header.type) && header.size === 8;
    at = end;
  }
  return { data, isIndexed: false };
}

/** Whether bytes are the beginning of a file of this kind. */
export function isMovieStart(bytes: Uint8Array): boolean {
  const type = readBoxHeader(bytes)?.type;
  return type === 'ftyp' || type === 'wide';
}
