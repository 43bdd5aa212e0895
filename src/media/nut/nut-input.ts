/**
 * What every NUT stream has around its payloads (libavformat/nutdec.c): the headers in front, and the headers
 * of its frames one after another; from a pipe: no seeking, no resync.
 */
import { DnnError, errorMessage } from '../../base/errors.ts';
import { ByteReader } from './byte-reader.ts';
import type { ByteSource } from './byte-source.ts';
import { type FrameHeader, readFrameHeader, readSyncpoint, type StreamState } from './frame-header.ts';
import { type MainHeader, readMainHeader } from './main-header.ts';
import { readInfo, readValues } from './metadata.ts';
import type { Rational } from './nut-stream.ts';
import { fileId, type PacketKind, readPacket, readStartCode, START_CODE_FIRST_BYTE } from './packet.ts';
import { readStreamHeader, type StreamHeader } from './stream-header.ts';

/** What comes next: a packet, a frame by its frame code, or the end of the stream. */
type Next = PacketKind | number | 'end';

/**
 * NUT of version 3 or 4.
 *
 * Errors are DnnErrors with the byte offset in `details.offset`: `EINVAL` for bytes that are no valid
 * NUT, `EIO` for a stream that ends within a packet or frame. The source's own errors pass through.
 */
export class NutInput {
  /** Where payloads are read from, once `nextFrame` has given their header. */
  readonly reader: ByteReader;
  readonly main: MainHeader;
  /** By stream_id. */
  readonly streams: readonly StreamHeader[];
  /** Frames per second by stream_id, where an info packet tells them. */
  readonly frameRates: ReadonlyMap<number, Rational>;
  readonly #states: readonly StreamState[];
  #next: Next | undefined;
  #failure: Error | undefined;

  private constructor(reader: ByteReader, headers: Headers) {
    this.reader = reader;
    this.main = headers.main;
    this.streams = headers.streams;
    this.frameRates = headers.frameRates;
    this.#states = headers.streams.map((header) => ({ header, lastPts: 0 }));
    this.#next = headers.next;
  }

  /** Reads everything before the first frame, and waits for that frame's first byte. */
  static async open(source: ByteSource): Promise<NutInput> {
    const reader = new ByteReader(source);
    return new NutInput(reader, await readHeaders(reader));
  }

  /**
   * What `readPayload` makes of the next frame of a stream, or null after the last one; frames of other
   * streams are skipped. `readPayload` consumes all bytes of the frame. After an error every call throws it.
   */
  async nextFrame<Payload>(
    streamId: number,
    readPayload: (header: FrameHeader) => Promise<Payload>,
  ): Promise<Payload | null> {
    if (this.#failure !== undefined) {
      throw this.#failure;
    }
    try {
      const header = await this.#nextHeader(streamId);
      return header === null ? null : await readPayload(header);
    } catch (error) {
      this.#failure = error instanceof Error ? error : new DnnError('EIO', errorMessage(error));
      throw this.#failure;
    }
  }

  /** Consumes the side data of a frame, all of whose bytes end at `end`. */
  async skipSideData(header: FrameHeader, end: number): Promise<void> {
    if (!header.hasSideData) return;
    await readValues(this.reader, end);
    await readValues(this.reader, end);
  }

  async #nextHeader(streamId: number): Promise<FrameHeader | null> {
    for (;;) {
      const next = this.#next ?? (await readNext(this.reader));
      this.#next = undefined;
      if (next === 'end') {
        this.#next = 'end';
        return null;
      }
      if (typeof next === 'number') {
        const header = await readFrameHeader(this.reader, this.main, this.#states, next);
        if (header.stream === this.#states[streamId] && !header.isEnd) {
          return header;
        }
        this.reader.part = 'frame of another stream';
        await this.reader.skip(header.size);
      } else {
        await readPacket(this.reader, next, async () => {
          if (next === 'syncpoint') await readSyncpoint(this.reader, this.main, this.#states);
        });
      }
    }
  }
}

interface Headers {
  readonly main: MainHeader;
  readonly streams: readonly StreamHeader[];
  readonly frameRates: ReadonlyMap<number, Rational>;
  readonly next: Next;
}

async function readHeaders(reader: ByteReader): Promise<Headers> {
  const id = await reader.bytes(fileId.length);
  if (!id.every((byte, i) => byte === fileId[i])) {
    throw reader.invalid('this is no NUT stream: it does not begin with "nut/multimedia container"', 0);
  }
  let main: MainHeader | undefined;
  const streams: (StreamHeader | undefined)[] = [];
  const frameRates = new Map<number, Rational>();
  let next = await readNext(reader);
  for (; typeof next === 'string' && next !== 'end' && next !== 'syncpoint'; next = await readNext(reader)) {
    if (next === 'main header' && main === undefined) {
      main = await readPacket(reader, next, (end) => readMainHeader(reader, end));
    } else if (main === undefined) {
      throw reader.invalid(`a ${next} where the main header was expected`);
    } else if (next === 'stream header') {
      const header = await readPacket(reader, next, () => readStreamHeader(reader, main!));
      streams[header.streamId] ??= header;
    } else if (next === 'info packet') {
      const info = await readPacket(reader, next, (end) => readInfo(reader, end));
      if (info?.frameRate !== undefined) frameRates.set(info.streamId, info.frameRate);
    } else {
      await readPacket(reader, next, () => undefined);
    }
  }
  if (main === undefined) {
    throw new DnnError('EIO', `NUT stream ended at byte ${reader.position} before its main header`, {
      offset: reader.position,
    });
  }
  const complete = Array.from({ length: main.streamCount }, (_, i) => {
    const header = streams[i];
    if (header === undefined)
      throw reader.invalid(`the header of stream ${i} of ${main.streamCount} is missing`);
    return header;
  });
  return { main, streams: complete, frameRates, next };
}

async function readNext(reader: ByteReader): Promise<Next> {
  if (await reader.atEnd()) {
    return 'end';
  }
  const first = await reader.u8();
  return first === START_CODE_FIRST_BYTE ? readStartCode(reader) : first;
}
