/**
 * What every NUT stream that is written has around its payloads (libavformat/nutenc.c, with its `-syncpoints
 * none`).
 */
import { DnnError } from '../../base/errors.ts';
import { lowestTerms } from '../../base/lowest-terms.ts';
import { ByteBuffer } from './byte-buffer.ts';
import type { ByteSink } from './byte-sink.ts';
import { crc32 } from './crc32.ts';
import type { EncodedStream } from './encoded-stream.ts';
import { mainHeaderFields, WRITTEN_INTER_CODE, WRITTEN_KEY_CODE } from './main-header.ts';
import { frameRateInfoFields } from './metadata.ts';
import type { Rational } from './nut-stream.ts';
import { appendPacket, fileId } from './packet.ts';
import { streamHeaderFields, WRITTEN_MSB_PTS_SHIFT } from './stream-header.ts';

/** Payloads up to this size go out in one write with their header. */
const COMBINED_BYTES = 4096;
const MAX_INT32 = 2 ** 31 - 1;
const MAX_PTS = Number.MAX_SAFE_INTEGER - 2 ** WRITTEN_MSB_PTS_SHIFT;

/** What stands in front of a payload. */
export interface WrittenFrame {
  readonly pts: number;
  readonly isKey: boolean;
}

/** Not for two callers at once: await each call. The sink's errors pass through. */
export class NutOutput {
  readonly #sink: ByteSink;
  readonly #head = new ByteBuffer();
  #hasSyncpoint = false;
  #finished = false;

  private constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  /**
   * Writes the headers of the only stream. A time base that is not in lowest terms is reduced, as NUT
   * demands.
   *
   * @throws DnnError `EINVAL` for a tag, size, time base, aspect ratio or frame rate that NUT cannot hold.
   */
  static async open(sink: ByteSink, stream: EncodedStream): Promise<NutOutput> {
    const timeBase = reduced('time base', stream.timeBase);
    const headers = new ByteBuffer();
    headers.append(fileId);
    appendPacket(headers, 'main header', mainHeaderFields(timeBase));
    appendPacket(headers, 'stream header', streamHeaderFields({ ...stream, timeBase }));
    if (stream.frameRate !== undefined) {
      appendPacket(headers, 'info packet', frameRateInfoFields(reduced('frame rate', stream.frameRate)));
    }
    await sink.write(headers.bytes);
    return new NutOutput(sink);
  }

  /** @throws DnnError `EINVAL` for a pts that NUT cannot hold, or after `finish`. */
  checkPts(pts: number): void {
    if (this.#finished) {
      throw new DnnError('EINVAL', `frame of pts ${pts} after the end of the NUT stream`, { pts });
    }
    if (!Number.isInteger(pts) || pts < 0 || pts > MAX_PTS) {
      const message = `pts ${pts} cannot be written as NUT, which holds 0 to ${MAX_PTS}; shift the time stamps`;
      throw new DnnError('EINVAL', message, { pts });
    }
  }

  /**
   * Writes one frame, made of the bytes of `payload` one part after another; they are the caller's again once
   * the promise settles. The pts is one that `checkPts` takes.
   */
  async write({ pts, isKey }: WrittenFrame, payload: readonly Uint8Array[]): Promise<void> {
    const size = payload.reduce((sum, part) => sum + part.length, 0);
    const head = this.#head;
    head.clear();
    this.#appendSyncpoint(pts);
    appendFrameHeader(head, { pts, isKey }, size);
    let combined = 0;
    while (combined < payload.length && head.length + payload[combined]!.length <= COMBINED_BYTES) {
      head.append(payload[combined++]!);
    }
    await this.#sink.write(head.bytes);
    for (const part of payload.slice(combined)) {
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
}

function appendFrameHeader(target: ByteBuffer, { pts, isKey }: WrittenFrame, size: number): void {
  const header = new ByteBuffer();
  header.u8(isKey ? WRITTEN_KEY_CODE : WRITTEN_INTER_CODE);
  header.varlen(pts + 2 ** WRITTEN_MSB_PTS_SHIFT);
  header.varlen(size);
  target.append(header.bytes);
  target.u32(crc32(0, header.bytes));
}

function reduced(name: string, { num, den }: Rational): Rational {
  const result = lowestTerms({ num, den });
  const valid = Object.values(result).every(
    (term) => Number.isInteger(term) && term > 0 && term <= MAX_INT32,
  );
  if (!valid) {
    throw new DnnError('EINVAL', `NUT cannot hold the ${name} ${num}/${den}`);
  }
  return result;
}
