/**
 * Whether a file may hold AV1, by a quick look at where files name their codecs. Stock ffmpeg.wasm demuxes
 * AV1 and cannot decode it, so that such a command takes another way; ffmpeg itself then says what it is.
 */
import { longestHeader, offsetOf, readBoxHeader } from '../mp4/box-reader.ts';

/** Of mp4 and mov, of ivf and mpegts, of Matroska and WebM. */
const names: readonly string[] = ['av01', 'AV01', 'V_AV1'];

/** Bytes at the start of a file that are looked at, and of an index that stands elsewhere. */
const headBytes = 64 * 1024;
const indexBytes = 1024 * 1024;
/** Boxes that are passed on the way to an index; files have fewer before it, unless they are in fragments. */
const boxLimit = 64;

/** Never wrong where it says no, for files of these formats; seldom where it says yes. */
export async function mentionsAv1(file: Blob): Promise<boolean> {
  const head = await bytesOf(file, 0, headBytes);
  if (isMentioned(head)) return true;
  const index = await findIndex(file);
  return index !== undefined && isMentioned(await bytesOf(file, index, indexBytes));
}

const isMentioned = (bytes: Uint8Array): boolean => names.some((name) => offsetOf(bytes, name) >= 0);

/** Byte of an mp4's `moov`; undefined where it has none, or is none. */
async function findIndex(file: Blob): Promise<number | undefined> {
  let at = 0;
  for (let count = 0; at < file.size && count < boxLimit; count++) {
    const header = readBoxHeader(await bytesOf(file, at, longestHeader));
    if (header === undefined || header.size === 0) return undefined;
    if (header.type === 'moov') return at;
    at += header.size;
  }
  return undefined;
}

async function bytesOf(file: Blob, start: number, length: number): Promise<Uint8Array> {
  return new Uint8Array(await file.slice(start, start + length).arrayBuffer());
}
