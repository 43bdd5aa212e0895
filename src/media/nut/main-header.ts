/** NUT's main header (nut.txt, "mainheader"; libavformat/nutdec.c · decode_main_header). */
import type { ByteReader } from './byte-reader.ts';
import { ByteBuffer } from './byte-buffer.ts';
import { type FrameCode, FrameFlag } from './frame-code.ts';
import type { Rational } from './nut-stream.ts';
import { START_CODE_FIRST_BYTE } from './packet.ts';

const MIN_VERSION = 3;
const MAX_VERSION = 4;
/** As NUT_MAX_STREAMS; FFmpeg writes at most one time base a stream. */
const MAX_STREAMS = 256;
const MAX_TIME_BASES = 256;
const MAX_ELISION_HEADERS = 128;
const MAX_ELISION_HEADER_BYTES = 255;
const MAX_ELISION_BYTES = 1024;
const MAX_INT32 = 2 ** 31 - 1;
const MAX_DISTANCE = 65536;
/** Main flag of version 4: a stream without syncpoints but the first. */
const PIPE_FLAG = 2;

/** What holds for all streams. */
export interface MainHeader {
  readonly version: number;
  readonly streamCount: number;
  /** Bytes between syncpoints; larger frames than twice as many have a checksum of their header. */
  readonly maxDistance: number;
  readonly timeBases: readonly Rational[];
  /** 256 entries, one for each frame code. */
  readonly frameCodes: readonly FrameCode[];
  /** Beginnings of frames that are left out; the first is empty. */
  readonly elisionHeaders: readonly Uint8Array[];
}

/**
 * Reads the fields of a main header whose packet ends at `end`.
 *
 * @throws DnnError `EINVAL` for a version other than 3 and 4 and for values out of range.
 */
export async function readMainHeader(reader: ByteReader, end: number): Promise<MainHeader> {
  const version = await inRange(reader, 'version', MIN_VERSION, MAX_VERSION);
  if (version > 3) {
    await reader.skipVarlen(); // minor_version
  }
  const streamCount = await inRange(reader, 'stream_count', 1, MAX_STREAMS);
  // nutdec.c takes no larger one either.
  const maxDistance = Math.min(await reader.varlen(), MAX_DISTANCE);
  const timeBaseCount = await inRange(reader, 'time_base_count', 1, MAX_TIME_BASES);
  const timeBases: Rational[] = [];
  for (let i = 0; i < timeBaseCount; i++) {
    const num = await inRange(reader, `time_base ${i} numerator`, 1, MAX_INT32);
    const den = await inRange(reader, `time_base ${i} denominator`, 1, MAX_INT32);
    timeBases.push({ num, den });
  }
  const frameCodes = await readFrameCodes(reader, streamCount, end);
  const elisionHeaders = reader.position < end ? await readElisionHeaders(reader) : [new Uint8Array()];
  return { version, streamCount, maxDistance, timeBases, frameCodes, elisionHeaders };
}

/**
 * One more number of a header.
 * @throws DnnError `EINVAL` if it is not between `min` and `max`, both included.
 */
export async function inRange(reader: ByteReader, name: string, min: number, max: number): Promise<number> {
  const offset = reader.position;
  const value = await reader.varlen();
  if (value < min || value > max) {
    throw reader.invalid(`${name} is ${value}, expected ${min} to ${max}`, offset);
  }
  return value;
}

async function readFrameCodes(reader: ByteReader, streamCount: number, end: number): Promise<FrameCode[]> {
  const codes: FrameCode[] = [];
  let ptsDelta = 0;
  let sizeMul = 1;
  let streamId = 0;
  let headerIdx = 0;
  while (codes.length < 256) {
    const flags = await reader.varlen();
    const fields = await reader.varlen();
    if (fields > 0) ptsDelta = await reader.signed();
    if (fields > 1) sizeMul = await reader.varlen();
    if (fields > 2) streamId = await inRange(reader, 'stream_id of a frame code', 0, streamCount - 1);
    const sizeLsb = fields > 3 ? await reader.varlen() : 0;
    const reservedCount = fields > 4 ? await reader.varlen() : 0;
    const count = fields > 5 ? await reader.varlen() : sizeMul - sizeLsb;
    if (fields > 6) await reader.skipVarlen(); // match_time_delta
    if (fields > 7) headerIdx = await reader.varlen();
    for (let i = 8; i < fields; i++) {
      if (reader.position >= end) throw reader.invalid(`${fields} fields of a frame code do not fit`);
      await reader.skipVarlen();
    }
    const room = 256 - codes.length - (codes.length <= START_CODE_FIRST_BYTE ? 1 : 0);
    if (count < 1 || count > room) {
      throw reader.invalid(`${count} frame codes from ${codes.length} on, expected 1 to ${room}`);
    }
    for (let i = 0; i < count; i++) {
      if (codes.length === START_CODE_FIRST_BYTE) codes.push(invalidFrameCode);
      codes.push({ flags, streamId, sizeMul, sizeLsb: sizeLsb + i, ptsDelta, reservedCount, headerIdx });
    }
    if (codes.length === START_CODE_FIRST_BYTE) codes.push(invalidFrameCode);
  }
  return codes;
}

const invalidFrameCode: FrameCode = {
  flags: FrameFlag.INVALID,
  streamId: 0,
  sizeMul: 1,
  sizeLsb: 0,
  ptsDelta: 0,
  reservedCount: 0,
  headerIdx: 0,
};

async function readElisionHeaders(reader: ByteReader): Promise<Uint8Array[]> {
  const headers: Uint8Array[] = [new Uint8Array()];
  const count = await inRange(reader, 'header_count_minus1', 0, MAX_ELISION_HEADERS - 1);
  let left = MAX_ELISION_BYTES;
  for (let i = 0; i < count; i++) {
    const header = await reader.blob(Math.min(MAX_ELISION_HEADER_BYTES, left));
    left -= header.length;
    headers.push(header);
  }
  return headers;
}

/** The valid frame codes of `mainHeaderFields`: of frames where decoding can begin, and of others. */
export const WRITTEN_KEY_CODE = 1;
export const WRITTEN_INTER_CODE = 2;

/**
 * The fields of the main header of a version 4 pipe with one stream: all frames have pts, size
 * and checksum of their own, and there is one syncpoint, so that neither side's memory grows
 * with the length of the stream.
 */
export function mainHeaderFields(timeBase: Rational): Uint8Array {
  const fields = new ByteBuffer();
  const maxDistance = 32768;
  for (const value of [4, 0, 1, maxDistance, 1, timeBase.num, timeBase.den]) {
    fields.varlen(value);
  }
  const { KEY, CODED_PTS, SIZE_MSB, CHECKSUM, INVALID } = FrameFlag;
  const groups = [
    { flags: INVALID, count: WRITTEN_KEY_CODE },
    { flags: KEY | CODED_PTS | SIZE_MSB | CHECKSUM, count: 1 },
    { flags: CODED_PTS | SIZE_MSB | CHECKSUM, count: 1 },
    { flags: INVALID, count: 255 - WRITTEN_INTER_CODE - 1 },
  ];
  for (const { flags, count } of groups) {
    // Flags and six fields: pts_delta, size_mul, stream_id, size_lsb, reserved_count, count.
    for (const value of [flags, 6, 0, 1, 0, 0, 0, count]) {
      fields.varlen(value);
    }
  }
  fields.varlen(0); // header_count_minus1
  fields.varlen(PIPE_FLAG);
  return fields.bytes;
}
