/**
 * NUT's named values, as in info packets and in the side data of frames (nut.txt, "info_packet" and
 * "sm_data"; libavformat/nutdec.c · decode_info_header, read_sm_data).
 */
import { ByteBuffer } from './byte-buffer.ts';
import type { ByteReader } from './byte-reader.ts';
import type { Rational } from './nut-stream.ts';

/** The name under which FFmpeg stores AVStream.r_frame_rate. */
const FRAME_RATE = 'r_frame_rate';
/** Longer names and texts are none that matter here; they are skipped. */
const MAX_TEXT = 256;
const MAX_INT32 = 2 ** 31 - 1;

/** Type codes in place of a value. */
const UTF8 = -1;
const BINARY = -2;

/** What an info packet says about one stream. */
export interface StreamInfo {
  readonly streamId: number;
  readonly frameRate: Rational | undefined;
}

/**
 * Reads the fields of an info packet that ends at `end`; undefined if it says
 * nothing about a single stream's rate.
 */
export async function readInfo(reader: ByteReader, end: number): Promise<StreamInfo | undefined> {
  const streamIdPlus1 = await reader.varlen();
  const chapterId = await reader.signed();
  await reader.skipVarlen(); // chapter_start
  await reader.skipVarlen(); // chapter_len
  if (streamIdPlus1 === 0 || chapterId !== 0) {
    return undefined;
  }
  const values = await readValues(reader, end);
  return { streamId: streamIdPlus1 - 1, frameRate: parseFrameRate(values.get(FRAME_RATE)) };
}

/**
 * Reads a count and that many named values before offset `end`; gives the texts among them.
 *
 * @throws DnnError `EINVAL` for a value that begins or ends behind `end`.
 */
export async function readValues(reader: ByteReader, end: number): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  const count = await reader.varlen();
  for (let i = 0; i < count; i++) {
    const name = await readText(reader, end);
    const type = await reader.signed();
    if (type === UTF8) {
      texts.set(name, await readText(reader, end));
    } else if (type === BINARY) {
      await readText(reader, end); // the type's name
      await readText(reader, end);
    } else if (type < BINARY) {
      await reader.skipVarlen(); // integer, time stamp or denominator
    }
  }
  return texts;
}

/** A text of `vb`; empty if it is too long to matter. */
async function readText(reader: ByteReader, end: number): Promise<string> {
  const offset = reader.position;
  const length = await reader.varlen();
  if (length > end - reader.position) {
    throw reader.invalid(`a value of ${length} bytes goes beyond byte ${end}`, offset);
  }
  if (length > MAX_TEXT) {
    await reader.skip(length);
    return '';
  }
  return new TextDecoder().decode(await reader.bytes(length));
}

function parseFrameRate(text: string | undefined): Rational | undefined {
  const match = /^(\d{1,10})\/(\d{1,10})$/.exec(text ?? '');
  const num = Number(match?.[1]);
  const den = Number(match?.[2]);
  // FFmpeg distrusts rates from 1000 on in the same way.
  const plausible = num > 0 && den > 0 && num <= MAX_INT32 && den <= MAX_INT32 && num < 1000 * den;
  return plausible ? { num, den } : undefined;
}

/** The fields of an info packet that gives stream 0 its frame rate. */
export function frameRateInfoFields(frameRate: Rational): Uint8Array {
  const fields = new ByteBuffer();
  fields.varlen(1); // stream_id_plus1
  fields.signed(0); // chapter_id
  fields.varlen(0); // chapter_start
  fields.varlen(0); // chapter_len
  fields.varlen(1); // count
  const encoder = new TextEncoder();
  fields.blob(encoder.encode(FRAME_RATE));
  fields.signed(UTF8);
  fields.blob(encoder.encode(`${frameRate.num}/${frameRate.den}`));
  return fields.bytes;
}
