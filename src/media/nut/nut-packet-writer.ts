/**
 * Writes encoded video as NUT, so that ffmpeg can copy it from a pipe: `-probesize 32 -analyzeduration 0
 * -fpsprobesize 0 -f nut -i PIPE … -c:v copy`.
 */
import { DnnError } from '../../base/errors.ts';
import type { ByteSink } from './byte-sink.ts';
import type { EncodedPacket } from './encoded-packet.ts';
import type { EncodedStream } from './encoded-stream.ts';
import { NutOutput } from './nut-output.ts';

/** Not for two callers at once: await each call. The sink's errors pass through. */
export class NutPacketWriter {
  readonly #output: NutOutput;
  readonly #isReordered: boolean;
  #lastPts = -1;

  private constructor(output: NutOutput, stream: EncodedStream) {
    this.#output = output;
    this.#isReordered = stream.decodeDelay > 0;
  }

  /**
   * Writes the headers of `stream`. A time base that is not in lowest terms is reduced, as NUT demands.
   *
   * @throws DnnError `EINVAL` for a tag, size, time base, aspect ratio or frame rate that NUT cannot hold.
   */
  static async open(sink: ByteSink, stream: EncodedStream): Promise<NutPacketWriter> {
    return new NutPacketWriter(await NutOutput.open(sink, stream), stream);
  }

  /**
   * Writes one packet in order of decoding; it is the caller's again once the promise settles.
   *
   * @throws DnnError `EINVAL` for a pts that NUT cannot hold (it holds none below 0), or one that goes down
   *   in a stream without decode delay, where ffmpeg takes pts for dts.
   */
  async writePacket({ pts, isKey, data }: EncodedPacket): Promise<void> {
    this.#output.checkPts(pts);
    if (pts < this.#lastPts && !this.#isReordered) {
      const message = `packet of pts ${pts} after pts ${this.#lastPts}, in a stream without decode delay`;
      throw new DnnError('EINVAL', message, { pts });
    }
    this.#lastPts = pts;
    await this.#output.write({ pts, isKey }, [new Uint8Array(data)]);
  }

  /** Ends the stream; a second call does nothing. The sink stays open: closing it is the caller's. */
  finish(): Promise<void> {
    return this.#output.finish();
  }
}
