/** NUT's stream header (nut.txt, "stream_header"; libavformat/nutdec.c · decode_stream_header). */
import { DnnError } from '../../base/errors.ts';
import type { PixelFormat } from '../../frame/pixel-format.ts';
import { frameLayout } from '../../frame/plane-layout.ts';
import { ByteBuffer } from './byte-buffer.ts';
import type { ByteReader } from './byte-reader.ts';
import type { EncodedStream } from './encoded-stream.ts';
import { inRange, type MainHeader } from './main-header.ts';
import type { NutStream, Rational } from './nut-stream.ts';
import { formatOfTag } from './raw-tag.ts';

/** Stream class of video. */
const VIDEO = 0;
const MAX_INT32 = 2 ** 31 - 1;
/** nutdec.c takes no larger one either. */
const MAX_DECODE_DELAY = 1000;
/** Parameter sets and the like have some hundred bytes. */
const MAX_EXTRADATA = 2 ** 20;
/** The pts shift of streams that this project writes; full pts are written, so it only marks them as such. */
export const WRITTEN_MSB_PTS_SHIFT = 7;

/** Size and shape of the pixels of a video stream. */
export interface Picture {
  /** Luma size in pixels. */
  readonly width: number;
  readonly height: number;
  /** 0/1 if unknown. */
  readonly sampleAspectRatio: Rational;
}

/** What a demuxer needs to know of any stream. */
export interface StreamHeader {
  readonly streamId: number;
  /** The tag for people: "H264". */
  readonly tag: string;
  readonly timeBase: Rational;
  readonly msbPtsShift: number;
  /** Frames that a decoder holds before it gives the first one. */
  readonly decodeDelay: number;
  /** FFmpeg's extradata; empty where the codec has none. */
  readonly extradata: ArrayBuffer;
  /** Undefined for a stream that is no video. */
  readonly picture: Picture | undefined;
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
  const decodeDelay = await inRange(reader, 'decode_delay', 0, MAX_DECODE_DELAY);
  await reader.skipVarlen(); // stream_flags
  const extradata = (await reader.blob(MAX_EXTRADATA)).buffer;
  const format = streamClass === VIDEO ? formatOfTag(tag) : undefined;
  const picture = streamClass === VIDEO ? await readPicture(reader, format) : undefined;
  return {
    streamId,
    tag,
    timeBase,
    msbPtsShift,
    decodeDelay,
    extradata,
    picture,
    video: format && picture && { format, ...picture, timeBase },
  };
}

async function readPicture(reader: ByteReader, format: PixelFormat | undefined): Promise<Picture> {
  const sizeOffset = reader.position;
  const width = await inRange(reader, 'width', 1, MAX_INT32);
  const height = await inRange(reader, 'height', 1, MAX_INT32);
  try {
    if (format !== undefined) frameLayout(format, width, height);
  } catch {
    throw reader.invalid(`picture size ${width}x${height} is too large`, sizeOffset);
  }
  return { width, height, sampleAspectRatio: await readSampleAspectRatio(reader) };
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

/**
 * The fields of the header of stream 0; `timeBase` in lowest terms.
 *
 * @throws DnnError `EINVAL` for a tag, size or aspect ratio that NUT cannot hold.
 */
export function streamHeaderFields(stream: Omit<EncodedStream, 'frameRate'>): Uint8Array {
  const { tag, timeBase, decodeDelay, extradata, width, height } = stream;
  const { num, den } = stream.sampleAspectRatio;
  if (![num, den].every((term) => Number.isInteger(term) && term >= 0 && term <= MAX_INT32)) {
    throw new DnnError('EINVAL', `NUT cannot hold the sample aspect ratio ${num}/${den}`);
  }
  if (![width, height].every((side) => Number.isInteger(side) && side > 0 && side <= MAX_INT32)) {
    throw new DnnError('EINVAL', `NUT cannot hold the picture size ${width}x${height}`);
  }
  if (!/^[\0-\xff]{4}$/.test(tag)) {
    throw new DnnError('EINVAL', `NUT cannot hold the tag ${JSON.stringify(tag)}, which is not of 4 bytes`);
  }
  const fields = new ByteBuffer();
  fields.varlen(0); // stream_id
  fields.varlen(VIDEO);
  fields.blob(Uint8Array.from(tag, (character) => character.charCodeAt(0)));
  fields.varlen(0); // time_base_id
  fields.varlen(WRITTEN_MSB_PTS_SHIFT);
  // max_pts_distance: one second
  fields.varlen(Math.max(1, Math.floor(timeBase.den / timeBase.num)));
  fields.varlen(decodeDelay);
  fields.varlen(0); // stream_flags
  fields.blob(new Uint8Array(extradata ?? new ArrayBuffer()));
  fields.varlen(width);
  fields.varlen(height);
  fields.varlen(num > 0 && den > 0 ? num : 0);
  fields.varlen(num > 0 && den > 0 ? den : 0);
  fields.varlen(0); // colorspace_type
  return fields.bytes;
}
