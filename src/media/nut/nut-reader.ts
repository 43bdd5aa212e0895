/**
 * Reads the frames of one raw video stream from NUT (libavformat/nutdec.c),
 * from a pipe: no seeking, no resync.
 */
import { DnnError, errorMessage } from '../../base/errors.ts';
import type { Frame } from '../../frame/frame.ts';
import { frameFromBuffer, frameLayout } from '../../frame/plane-layout.ts';
import { ByteReader } from './byte-reader.ts';
import type { ByteSource } from './byte-source.ts';
import { type FrameHeader, readFrameHeader, readSyncpoint, type StreamState } from './frame-header.ts';
import { type MainHeader, readMainHeader } from './main-header.ts';
import { readInfo, readValues } from './metadata.ts';
import type { NutStream, Rational } from './nut-stream.ts';
import { fileId, type PacketKind, readPacket, readStartCode, START_CODE_FIRST_BYTE } from './packet.ts';
import { isBigEndianPfm, MAX_PFM_HEADER, swapFloatBytes } from './pfm-packet.ts';
import { readStreamHeader, type StreamHeader } from './stream-header.ts';

/** What comes next: a packet, a frame by its frame code, or the end of the stream. */
type Next = PacketKind | number | 'end';

/**
 * Reads NUT of version 3 or 4. Frames of other streams are skipped.
 *
 * Errors are DnnErrors with the byte offset in `details.offset`: `EINVAL` for bytes that are no valid
 * NUT, `EIO` for a stream that ends within a packet or frame. The source's own errors pass through.
 * After an error every call throws it.
 */
export class NutReader {
  readonly stream: NutStream;
  readonly #reader: ByteReader;
  readonly #main: MainHeader;
  readonly #streams: readonly StreamState[];
  readonly #video: StreamState;
  readonly #frameBytes: number;
  #next: Next | undefined;
  #failure: Error | undefined;

  private constructor(reader: ByteReader, headers: Headers) {
    this.#reader = reader;
    this.#main = headers.main;
    this.#streams = headers.streams.map((header) => ({ header, lastPts: 0 }));
    this.#video = this.#streams[headers.videoId]!;
    this.#next = headers.next;
    this.stream = headers.stream;
    this.#frameBytes = frameLayout(this.stream.format, this.stream.width, this.stream.height).size;
  }

  /**
   * Reads everything before the first frame, and waits for that frame's first byte.
   *
   * @throws DnnError `EINVAL` also if no stream is raw video of a known format; see the class.
   */
  static async open(source: ByteSource): Promise<NutReader> {
    const reader = new ByteReader(source);
    return new NutReader(reader, await readHeaders(reader));
  }

  /**
   * The next frame, or null after the last one. One call at a time.
   *
   * The payload is read straight into the buffer that `allocate` gives (exactly `bytes` long; by
   * default a new one), which becomes the frame's own. Nothing is allocated for a frame whose size
   * contradicts the stream header.
   */
  async next(
    allocate: (bytes: number) => ArrayBuffer = (bytes) => new ArrayBuffer(bytes),
  ): Promise<Frame | null> {
    if (this.#failure !== undefined) {
      throw this.#failure;
    }
    try {
      return await this.#nextFrame(allocate);
    } catch (error) {
      this.#failure = error instanceof Error ? error : new DnnError('EIO', errorMessage(error));
      throw this.#failure;
    }
  }

  async #nextFrame(allocate: (bytes: number) => ArrayBuffer): Promise<Frame | null> {
    for (;;) {
      const next = this.#next ?? (await readNext(this.#reader));
      this.#next = undefined;
      if (next === 'end') {
        this.#next = 'end';
        return null;
      }
      if (typeof next === 'number') {
        const header = await readFrameHeader(this.#reader, this.#main, this.#streams, next);
        if (header.stream === this.#video && !header.isEnd) {
          return await this.#readFrame(header, allocate);
        }
        this.#reader.part = 'frame of another stream';
        await this.#reader.skip(header.size);
      } else {
        await readPacket(this.#reader, next, async () => {
          if (next === 'syncpoint') await readSyncpoint(this.#reader, this.#main, this.#streams);
        });
      }
    }
  }

  async #readFrame(header: FrameHeader, allocate: (bytes: number) => ArrayBuffer): Promise<Frame> {
    const reader = this.#reader;
    reader.part = `frame of pts ${header.pts}`;
    const begin = reader.position;
    const end = begin + header.size;
    if (header.hasSideData) {
      await readValues(reader, end);
      await readValues(reader, end);
    }
    const { format, width, height } = this.stream;
    const payloadBytes = header.elided.length + end - reader.position;
    const textBytes = payloadBytes - this.#frameBytes;
    const isPfm = format === 'grayf32le';
    if (textBytes < 0 || textBytes > (isPfm ? MAX_PFM_HEADER : 0)) {
      throw reader.invalid(
        `${payloadBytes} bytes of payload, expected ${this.#frameBytes} for ${format} of ${width}x${height}`,
        begin,
      );
    }
    let elided = header.elided;
    const fill = async (target: Uint8Array<ArrayBuffer>) => {
      const count = Math.min(elided.length, target.length);
      target.set(elided.subarray(0, count));
      elided = elided.subarray(count);
      await reader.readInto(target.subarray(count));
    };
    const text = new Uint8Array(textBytes);
    await fill(text);
    const isBigEndian = isPfm && this.#isBigEndian(text, begin);
    const frame = frameFromBuffer(format, width, height, header.pts, allocate(this.#frameBytes));
    const pixels = new Uint8Array(frame.buffer);
    await fill(pixels);
    if (isBigEndian) {
      swapFloatBytes(pixels);
    }
    return frame;
  }

  #isBigEndian(text: Uint8Array, offset: number): boolean {
    try {
      return isBigEndianPfm(text, this.stream.width, this.stream.height);
    } catch (error) {
      throw error instanceof DnnError ? this.#reader.invalid(error.message, offset) : error;
    }
  }
}

interface Headers {
  readonly main: MainHeader;
  readonly streams: readonly StreamHeader[];
  readonly videoId: number;
  readonly stream: NutStream;
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
  return { main, streams: complete, next, ...selectVideo(reader, complete, frameRates) };
}

function selectVideo(
  reader: ByteReader,
  streams: readonly StreamHeader[],
  frameRates: ReadonlyMap<number, Rational>,
): { videoId: number; stream: NutStream } {
  const videoId = streams.findIndex((header) => header.video !== undefined);
  const stream = streams[videoId]?.video;
  if (stream === undefined) {
    const tags = streams.map(({ tag }) => JSON.stringify(tag)).join(', ');
    throw reader.invalid(`no stream is raw video of a format that the DNN filters know; tags found: ${tags}`);
  }
  const frameRate = frameRates.get(videoId);
  return { videoId, stream: frameRate === undefined ? stream : { ...stream, frameRate } };
}

async function readNext(reader: ByteReader): Promise<Next> {
  if (await reader.atEnd()) {
    return 'end';
  }
  const first = await reader.u8();
  return first === START_CODE_FIRST_BYTE ? readStartCode(reader) : first;
}
