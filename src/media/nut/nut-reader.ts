/** Reads the frames of one raw video stream from NUT (libavformat/nutdec.c). */
import { DnnError } from '../../base/errors.ts';
import type { Frame } from '../../frame/frame.ts';
import { frameFromBuffer, frameLayout } from '../../frame/plane-layout.ts';
import type { ByteSource } from './byte-source.ts';
import type { FrameHeader } from './frame-header.ts';
import { NutInput } from './nut-input.ts';
import type { NutStream } from './nut-stream.ts';
import { isBigEndianPfm, MAX_PFM_HEADER, swapFloatBytes } from './pfm-packet.ts';

/**
 * Reads NUT of version 3 or 4. Frames of other streams are skipped.
 *
 * Errors are DnnErrors with the byte offset in `details.offset`: `EINVAL` for bytes that are no valid
 * NUT, `EIO` for a stream that ends within a packet or frame. The source's own errors pass through.
 * After an error every call throws it.
 */
export class NutReader {
  readonly stream: NutStream;
  readonly #input: NutInput;
  readonly #streamId: number;
  readonly #frameBytes: number;

  private constructor(input: NutInput, streamId: number, stream: NutStream) {
    this.#input = input;
    this.#streamId = streamId;
    this.stream = stream;
    this.#frameBytes = frameLayout(stream.format, stream.width, stream.height).size;
  }

  /**
   * Reads everything before the first frame, and waits for that frame's first byte.
   *
   * @throws DnnError `EINVAL` also if no stream is raw video of a known format; see the class.
   */
  static async open(source: ByteSource): Promise<NutReader> {
    const input = await NutInput.open(source);
    const { streamId, stream } = selectVideo(input);
    return new NutReader(input, streamId, stream);
  }

  /**
   * The next frame, or null after the last one. One call at a time.
   *
   * The payload is read straight into the buffer that `allocate` gives (exactly `bytes` long; by
   * default a new one), which becomes the frame's own. Nothing is allocated for a frame whose size
   * contradicts the stream header.
   */
  next(allocate: (bytes: number) => ArrayBuffer = (bytes) => new ArrayBuffer(bytes)): Promise<Frame | null> {
    return this.#input.nextFrame(this.#streamId, (header) => this.#readFrame(header, allocate));
  }

  async #readFrame(header: FrameHeader, allocate: (bytes: number) => ArrayBuffer): Promise<Frame> {
    const { reader } = this.#input;
    reader.part = `frame of pts ${header.pts}`;
    const begin = reader.position;
    const end = begin + header.size;
    await this.#input.skipSideData(header, end);
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
      throw error instanceof DnnError ? this.#input.reader.invalid(error.message, offset) : error;
    }
  }
}

function selectVideo({ reader, streams, frameRates }: NutInput): { streamId: number; stream: NutStream } {
  const streamId = streams.findIndex((header) => header.video !== undefined);
  const stream = streams[streamId]?.video;
  if (stream === undefined) {
    const tags = streams.map(({ tag }) => JSON.stringify(tag)).join(', ');
    throw reader.invalid(`no stream is raw video of a format that the DNN filters know; tags found: ${tags}`);
  }
  const frameRate = frameRates.get(streamId);
  return { streamId, stream: frameRate === undefined ? stream : { ...stream, frameRate } };
}
