/** Reads the packets of one encoded video stream from NUT, as FFmpeg writes it with `-c:v copy -f nut`. */
import type { ByteSource } from './byte-source.ts';
import type { EncodedPacket } from './encoded-packet.ts';
import type { EncodedStream } from './encoded-stream.ts';
import type { FrameHeader } from './frame-header.ts';
import { NutInput } from './nut-input.ts';

/** Larger packets are none: those of 8K without loss stay below. */
const MAX_PACKET = 2 ** 28;

/**
 * Reads NUT of version 3 or 4; of several streams the first one of video. Side data of packets is skipped.
 *
 * Errors are DnnErrors with the byte offset in `details.offset`: `EINVAL` for bytes that are no valid
 * NUT, `EIO` for a stream that ends within a packet. The source's own errors pass through.
 * After an error every call throws it.
 */
export class NutPacketReader {
  readonly stream: EncodedStream;
  readonly #input: NutInput;
  readonly #streamId: number;

  private constructor(input: NutInput, streamId: number, stream: EncodedStream) {
    this.#input = input;
    this.#streamId = streamId;
    this.stream = stream;
  }

  /**
   * Reads everything before the first packet, and waits for that packet's first byte.
   *
   * @throws DnnError `EINVAL` also if no stream is video; see the class.
   */
  static async open(source: ByteSource): Promise<NutPacketReader> {
    const input = await NutInput.open(source);
    const streamId = input.streams.findIndex(({ picture }) => picture !== undefined);
    const header = input.streams[streamId];
    if (header?.picture === undefined) {
      const tags = input.streams.map(({ tag }) => JSON.stringify(tag)).join(', ');
      throw input.reader.invalid(`no stream is video; tags found: ${tags}`);
    }
    const { tag, timeBase, decodeDelay, extradata } = header;
    const frameRate = input.frameRates.get(streamId);
    return new NutPacketReader(input, streamId, {
      tag,
      ...header.picture,
      timeBase,
      decodeDelay,
      ...(extradata.byteLength > 0 && { extradata }),
      ...(frameRate !== undefined && { frameRate }),
    });
  }

  /** The next packet in order of decoding, or null after the last one. One call at a time. */
  next(): Promise<EncodedPacket | null> {
    return this.#input.nextFrame(this.#streamId, (header) => this.#readPacket(header));
  }

  async #readPacket(header: FrameHeader): Promise<EncodedPacket> {
    const { reader, main } = this.#input;
    const { pts, isKey, elided, size } = header;
    reader.part = `packet of pts ${pts}`;
    const begin = reader.position;
    // nutdec.c: a size without checksum that would cost much memory is not believed.
    if (size > MAX_PACKET || (size > 2 * main.maxDistance && !header.hasChecksum)) {
      throw reader.invalid(`a packet of ${size} bytes is not plausible`, begin);
    }
    const end = begin + size;
    await this.#input.skipSideData(header, end);
    if (reader.position > end) {
      throw reader.invalid(`the side data goes beyond the end of the packet at byte ${end}`);
    }
    const data = new Uint8Array(elided.length + end - reader.position);
    data.set(elided);
    await reader.readInto(data.subarray(elided.length));
    return { pts, isKey, data: data.buffer };
  }
}
