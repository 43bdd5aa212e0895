/** NUT's stream header (nut.txt, "stream_header"; libavformat/nutdec.c · decode_stream_header). */
import { frameLayout } from '../../frame/plane-layout.ts';
import { ByteBuffer } from './byte-buffer.ts';
import type { ByteReader } from './byte-reader.ts';
import { inRange, type MainHeader } from './main-header.ts';
import type { NutStream, Rational } from './nut-stream.ts';
import { formatOfTag, rawTags } from './raw-tag.ts';

/** Stream class of video. */
const VIDEO = 0;
const MAX_INT32 = 2 ** 31 - 1;
/** The pts shift of streams that this project writes; full pts are written, so it only marks them as such. */
export const WRITTEN_MSB_PTS_SHIFT = 7;

/** What a demuxer needs to know of any stream. */
export interface StreamHeader {
  readonly streamId: number;
  /** The tag for people: "H264". */
  readonly tag: string;
  readonly timeBase: Rational;
  readonly msbPtsShift: number;
  /** Undefined for a stream that is no raw video of a known format. */
  readonly video: NutStream | undefined;
}

/**
 * Reads the fields of a stream header.
 *
 * @throws DnnError `EINVAL` for values out of range, or a picture size that FFmpeg refuses too.
 */
export async function readStreamHeader(reader: ByteReader, main: MainHeader): Promise<StreamHeader> {
  const streamId = await inRange(reader, 'stream_id', 0, main.streamCount - 1);
  const streamClass = await reader.varlen();
  const tag = String.fromCharCode(...(await reader.blob(4)));
  const timeBase = main.timeBases[await inRange(reader, 'time_base_id', 0, main.timeBases.length - 1)]!;
  const msbPtsShift = await inRange(reader, 'msb_pts_shift', 0, 15);
  await reader.skipVarlen(); // max_pts_distance
  await reader.skipVarlen(); // decode_delay
  await reader.skipVarlen(); // stream_flags
  await reader.skip(await inRange(reader, 'codec_specific_data size', 0, 2 ** 30 - 1));
  const format = streamClass === VIDEO ? formatOfTag(tag) : undefined;
  if (format === undefined) {
    return { streamId, tag, timeBase, msbPtsShift, video: undefined };
  }
  const sizeOffset = reader.position;
  const width = await inRange(reader, 'width', 1, MAX_INT32);
  const height = await inRange(reader, 'height', 1, MAX_INT32);
  try {
    frameLayout(format, width, height);
  } catch {
    throw reader.invalid(`picture size ${width}x${height} is too large`, sizeOffset);
  }
  const sampleAspectRatio = await readSampleAspectRatio(reader);
  return {
    streamId,
    tag,
    timeBase,
    msbPtsShift,
    video: { format, width, height, sampleAspectRatio, timeBase },
  };
}

async function readSampleAspectRatio(reader: ByteReader): Promise<Rational> {
  const offset = reader.position;
  const num = await inRange(reader, 'sample_width', 0, MAX_INT32);
  const den = await inRange(reader, 'sample_height', 0, MAX_INT32);
  if ((num === 0) !== (den === 0)) {
    throw reader.invalid(`sample aspect ratio ${num}/${den}, expected both zero or none`, offset);
  }
  return num === 0 ? { num: 0, den: 1 } : { num, den };
}

/** The fields of the header of stream 0. */
export function streamHeaderFields(stream: NutStream): Uint8Array {
  const fields = new ByteBuffer();
  fields.varlen(0); // stream_id
  fields.varlen(VIDEO);
  fields.blob(Uint8Array.from(rawTags[stream.format], (character) => character.charCodeAt(0)));
  fields.varlen(0); // time_base_id
  fields.varlen(WRITTEN_MSB_PTS_SHIFT);
  // max_pts_distance: one second
  fields.varlen(Math.max(1, Math.floor(stream.timeBase.den / stream.timeBase.num)));
  fields.varlen(0); // decode_delay
  fields.varlen(0); // stream_flags
  fields.varlen(0); // codec_specific_data
  fields.varlen(stream.width);
  fields.varlen(stream.height);
  const { num, den } = stream.sampleAspectRatio;
  fields.varlen(num > 0 && den > 0 ? num : 0);
  fields.varlen(num > 0 && den > 0 ? den : 0);
  fields.varlen(0); // colorspace_type
  return fields.bytes;
}
