/**
 * NUT's frame header and the reconstruction of pts (nut.txt, "frame";
 * libavformat/nutdec.c · decode_frame_header).
 */
import type { ByteReader } from './byte-reader.ts';
import { crc32Byte } from './crc32.ts';
import { FrameFlag } from './frame-code.ts';
import type { MainHeader } from './main-header.ts';
import type { Rational } from './nut-stream.ts';
import { checkChecksum } from './packet.ts';
import type { StreamHeader } from './stream-header.ts';

/** Elided beginnings hold for frames up to this size only. */
const MAX_ELIDED_FRAME = 4096;
const MAX_RESERVED = 256;

/** A stream and the time stamp that the next one is coded against. */
export interface StreamState {
  readonly header: Pick<StreamHeader, 'timeBase' | 'msbPtsShift'>;
  lastPts: number;
}

export interface FrameHeader {
  readonly stream: StreamState;
  readonly pts: number;
  /** Whether decoding can begin here (FLAG_KEY). */
  readonly isKey: boolean;
  /** The frame's own beginning that is not in the stream. */
  readonly elided: Uint8Array;
  /** Bytes that follow: side data and payload, without `elided`. */
  readonly size: number;
  readonly hasSideData: boolean;
  /** Whether this header itself was checked by a checksum. */
  readonly hasChecksum: boolean;
  /** The end of the stream (FLAG_EOR) instead of a frame. */
  readonly isEnd: boolean;
}

/**
 * Reads a frame header after its frame code and moves the stream's `lastPts`.
 *
 * @throws DnnError `EINVAL` for an invalid frame code, unknown stream, or wrong checksum.
 */
export async function readFrameHeader(
  reader: ByteReader,
  main: MainHeader,
  streams: readonly StreamState[],
  frameCode: number,
): Promise<FrameHeader> {
  const offset = reader.position - 1;
  reader.part = 'frame header';
  reader.beginChecksum(crc32Byte(0, frameCode));
  const defaults = main.frameCodes[frameCode]!;
  let flags = defaults.flags;
  if (flags & FrameFlag.CODED) flags ^= await reader.varlen();
  if (flags & FrameFlag.INVALID) throw reader.invalid(`frame code ${frameCode} is not in use`, offset);
  const streamId = flags & FrameFlag.STREAM_ID ? await reader.varlen() : defaults.streamId;
  const stream = streams[streamId];
  if (stream === undefined) throw reader.invalid(`stream ${streamId} of ${streams.length}`, offset);
  const codedPts = flags & FrameFlag.CODED_PTS ? await reader.varlen() : undefined;
  const msb = flags & FrameFlag.SIZE_MSB ? await reader.varlen() : 0;
  if (flags & FrameFlag.MATCH_TIME) await reader.skipVarlen();
  const headerIdx = flags & FrameFlag.HEADER_IDX ? await reader.varlen() : defaults.headerIdx;
  const reservedCount = flags & FrameFlag.RESERVED ? await reader.varlen() : defaults.reservedCount;
  if (reservedCount > MAX_RESERVED) {
    throw reader.invalid(`${reservedCount} reserved fields, expected at most ${MAX_RESERVED}`, offset);
  }
  for (let i = 0; i < reservedCount; i++) await reader.skipVarlen();

  const elisionHeader = main.elisionHeaders[headerIdx];
  if (elisionHeader === undefined) throw reader.invalid(`there is no elision header ${headerIdx}`, offset);
  const total = defaults.sizeLsb + defaults.sizeMul * msb;
  const elided = total > MAX_ELIDED_FRAME ? new Uint8Array() : elisionHeader;
  const isEnd = (flags & FrameFlag.EOR) !== 0;
  const size = isEnd && total === 0 ? 0 : total - elided.length;
  if (size < 0 || !Number.isSafeInteger(size)) throw reader.invalid(`a frame of ${total} bytes`, offset);
  if (flags & FrameFlag.CHECKSUM) await checkChecksum(reader, 'checksum');

  const pts =
    codedPts === undefined
      ? stream.lastPts + defaults.ptsDelta
      : fullPts(codedPts, stream.lastPts, stream.header);
  if (!Number.isSafeInteger(pts)) throw reader.invalid(`pts ${pts} is beyond 2^53 - 1`, offset);
  stream.lastPts = pts;
  return {
    stream,
    pts,
    isKey: (flags & FrameFlag.KEY) !== 0,
    elided,
    size,
    hasSideData: (flags & FrameFlag.SM_DATA) !== 0,
    hasChecksum: (flags & FrameFlag.CHECKSUM) !== 0,
    isEnd,
  };
}

/** nut.c · ff_lsb2full, and the offset that marks a full pts. */
function fullPts(codedPts: number, lastPts: number, { msbPtsShift }: StreamState['header']): number {
  const range = 2 ** msbPtsShift;
  if (codedPts >= range) {
    return codedPts - range;
  }
  const lowest = lastPts - Math.floor((range - 1) / 2);
  const above = (codedPts - lowest) % range;
  return lowest + (above < 0 ? above + range : above);
}

/**
 * Reads the fields of a syncpoint, which sets the `lastPts` of every stream (nut.c · ff_nut_reset_ts).
 *
 * @throws DnnError `EINVAL` for a time beyond 2^53 - 1 units of a stream.
 */
export async function readSyncpoint(
  reader: ByteReader,
  main: MainHeader,
  streams: readonly StreamState[],
): Promise<void> {
  const timestamp = await reader.varlen();
  await reader.skipVarlen(); // back_ptr_div16
  const count = main.timeBases.length;
  const timeBase = main.timeBases[timestamp % count]!;
  const value = Math.floor(timestamp / count);
  for (const stream of streams) {
    stream.lastPts = rescaleDown(value, timeBase, stream.header.timeBase);
    if (!Number.isSafeInteger(stream.lastPts)) throw reader.invalid(`time ${value} is beyond 2^53 - 1`);
  }
}

/** av_rescale_rnd with AV_ROUND_DOWN of a non-negative value. */
function rescaleDown(value: number, from: Rational, to: Rational): number {
  if (from === to) {
    return value;
  }
  return Number((BigInt(value) * BigInt(from.num) * BigInt(to.den)) / (BigInt(from.den) * BigInt(to.num)));
}
