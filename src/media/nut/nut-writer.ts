/**
 * Writes raw video as NUT for ffmpeg to read from a pipe (libavformat/nutenc.c, with its `-syncpoints none`).
 */
import { DnnError } from '../../base/errors.ts';
import type { Frame } from '../../frame/frame.ts';
import { frameLayout, type FrameLayout } from '../../frame/plane-layout.ts';
import { ByteBuffer } from './byte-buffer.ts';
import type { ByteSink } from './byte-sink.ts';
import { crc32 } from './crc32.ts';
import { mainHeaderFields, WRITTEN_FRAME_CODE } from './main-header.ts';
import { frameRateInfoFields } from './metadata.ts';
import type { NutStream, Rational } from './nut-stream.ts';
import { appendPacket, fileId } from './packet.ts';
import { pfmHeader } from './pfm-packet.ts';
import { streamHeaderFields, WRITTEN_MSB_PTS_SHIFT } from './stream-header.ts';

/** Payloads up to this size go out in one write with their header. */
const COMBINED_BYTES = 4096;
const MAX_INT32 = 2 ** 31 - 1;
const MAX_PTS = Number.MAX_SAFE_INTEGER - 2 ** WRITTEN_MSB_PTS_SHIFT;

/** Not for two callers at once: await each call. The sink's errors pass through. */
export class NutWriter {
  readonly #sink: ByteSink;
  readonly #stream: NutStream;
  readonly #layout: FrameLayout;
  readonly #head = new ByteBuffer();
  #lastPts = -1;
  #hasSyncpoint = false;
  #finished = false;

  private constructor(sink: ByteSink, stream: NutStream) {
    this.#sink = sink;
    this.#stream = stream;
    this.#layout = frameLayout(stream.format, stream.width, stream.height);
  }

  /**
   * Writes the headers of `stream`. A time base that is not in lowest terms is reduced, as NUT demands.
   *
   * @throws DnnError `EINVAL` for a size, time base, aspect ratio or frame rate that NUT cannot hold.
   */
  static async open(sink: ByteSink, stream: NutStream): Promise<NutWriter> {
    const timeBase = reduced('time base', stream.timeBase);
    const { num, den } = stream.sampleAspectRatio;
    if (![num, den].every((term) => Number.isInteger(term) && term >= 0 && term <= MAX_INT32)) {
      throw new DnnError('EINVAL', `NUT cannot hold the sample aspect ratio ${num}/${den}`);
    }
    const writer = new NutWriter(sink, stream);
    const headers = new ByteBuffer();
    headers.append(fileId);
    appendPacket(headers, 'main header', mainHeaderFields(timeBase));
    appendPacket(headers, 'stream header', streamHeaderFields({ ...stream, timeBase }));
    if (stream.frameRate !== undefined) {
      appendPacket(headers, 'info packet', frameRateInfoFields(reduced('frame rate', stream.frameRate)));
    }
    await sink.write(headers.bytes);
    return writer;
  }

  /**
   * Writes one frame, which is the caller's again once the promise settles. Pts may repeat (ffmpeg's muxers
   * then complain, not NUT) but not decrease; NUT holds none below 0.
   *
   * @throws DnnError `EINVAL` for such a pts, or a frame that is not of the stream's format and size.
   */
  async writeFrame(frame: Frame): Promise<void> {
    if (this.#finished) {
      throw new DnnError('EINVAL', `frame of pts ${frame.pts} after the end of the NUT stream`, {
        pts: frame.pts,
      });
    }
    this.#checkFrame(frame);
    const text = frame.format === 'grayf32le' ? pfmHeader(frame.width, frame.height) : new Uint8Array();
    const head = this.#head;
    head.clear();
    this.#appendSyncpoint(frame.pts);
    appendFrameHeader(head, frame.pts, text.length + this.#layout.size);
    head.append(text);
    this.#lastPts = frame.pts;
    let payload = payloadParts(frame, this.#layout);
    if (this.#layout.size <= COMBINED_BYTES) {
      payload.forEach((part) => {
        head.append(part);
      });
      payload = [];
    }
    await this.#sink.write(head.bytes);
    for (const part of payload) {
      await this.#sink.write(part);
    }
  }

  /**
   * Ends the stream; a second call does nothing. The sink stays open: closing it, which is what
   * its reader sees, is the caller's. A stream without a frame gets its syncpoint here, since
   * ffmpeg refuses a NUT without one.
   */
  async finish(): Promise<void> {
    if (this.#finished) return;
    this.#finished = true;
    if (this.#hasSyncpoint) return;
    this.#head.clear();
    this.#appendSyncpoint(0);
    await this.#sink.write(this.#head.bytes);
  }

  /** A demuxer looks for frames behind the first syncpoint; a pipe needs no other one. */
  #appendSyncpoint(pts: number): void {
    if (this.#hasSyncpoint) return;
    const fields = new ByteBuffer();
    fields.varlen(pts); // global_key_pts, in the only time base
    fields.varlen(0); // back_ptr_div16
    appendPacket(this.#head, 'syncpoint', fields.bytes);
    this.#hasSyncpoint = true;
  }

  #checkFrame(frame: Frame): void {
    const { format, width, height, pts } = frame;
    const details = { pts, format, width, height };
    if (!Number.isInteger(pts) || pts < 0 || pts > MAX_PTS) {
      const message = `pts ${pts} cannot be written as NUT, which holds 0 to ${MAX_PTS}; shift the time stamps`;
      throw new DnnError('EINVAL', message, details);
    }
    if (pts < this.#lastPts) {
      throw new DnnError('EINVAL', `pts ${pts} after pts ${this.#lastPts}: frames must be in order`, details);
    }
    const stream = this.#stream;
    if (format !== stream.format || width !== stream.width || height !== stream.height) {
      const message = `${format} frame of ${width}x${height} (pts ${pts}) in a stream of ${stream.format} ${stream.width}x${stream.height}`;
      throw new DnnError('EINVAL', message, details);
    }
    const fits = this.#layout.planes.every(
      (plane, i) =>
        frame.linesize[i] === plane.linesize && frame.data[i]?.length === plane.linesize * plane.height,
    );
    if (!fits) {
      throw new DnnError('EINVAL', `planes of the frame of pts ${pts} are not tightly packed`, details);
    }
  }
}

function appendFrameHeader(target: ByteBuffer, pts: number, size: number): void {
  const header = new ByteBuffer();
  header.u8(WRITTEN_FRAME_CODE);
  header.varlen(pts + 2 ** WRITTEN_MSB_PTS_SHIFT);
  header.varlen(size);
  target.append(header.bytes);
  target.u32(crc32(0, header.bytes));
}

/** The planes, as one part where they follow each other in memory. */
function payloadParts(frame: Frame, layout: FrameLayout): readonly Uint8Array[] {
  const first = frame.data[0]!;
  const contiguous = frame.data.every(
    (plane, i) =>
      plane.buffer === first.buffer && plane.byteOffset === first.byteOffset + layout.planes[i]!.offset,
  );
  return contiguous ? [new Uint8Array(first.buffer, first.byteOffset, layout.size)] : frame.data;
}

function reduced(name: string, { num, den }: Rational): Rational {
  let [a, b] = [num, den];
  while (b > 0) [a, b] = [b, a % b];
  const result = { num: num / a, den: den / a };
  const valid = Object.values(result).every(
    (term) => Number.isInteger(term) && term > 0 && term <= MAX_INT32,
  );
  if (!valid) {
    throw new DnnError('EINVAL', `NUT cannot hold the ${name} ${num}/${den}`);
  }
  return result;
}
