/** Writes raw video as NUT for ffmpeg to read from a pipe. */
import { DnnError } from '../../base/errors.ts';
import type { Frame } from '../../frame/frame.ts';
import { frameLayout, type FrameLayout } from '../../frame/plane-layout.ts';
import type { ByteSink } from './byte-sink.ts';
import { NutOutput } from './nut-output.ts';
import type { NutStream } from './nut-stream.ts';
import { pfmHeader } from './pfm-packet.ts';
import { rawTags } from './raw-tag.ts';

/** Not for two callers at once: await each call. The sink's errors pass through. */
export class NutWriter {
  readonly #output: NutOutput;
  readonly #stream: NutStream;
  readonly #layout: FrameLayout;
  #lastPts = -1;

  private constructor(output: NutOutput, stream: NutStream, layout: FrameLayout) {
    this.#output = output;
    this.#stream = stream;
    this.#layout = layout;
  }

  /**
   * Writes the headers of `stream`. A time base that is not in lowest terms is reduced, as NUT demands.
   *
   * @throws DnnError `EINVAL` for a size, time base, aspect ratio or frame rate that NUT cannot hold.
   */
  static async open(sink: ByteSink, stream: NutStream): Promise<NutWriter> {
    const layout = frameLayout(stream.format, stream.width, stream.height);
    const encoded = { ...stream, tag: rawTags[stream.format], decodeDelay: 0 };
    return new NutWriter(await NutOutput.open(sink, encoded), stream, layout);
  }

  /**
   * Writes one frame, which is the caller's again once the promise settles. Pts may repeat (ffmpeg's muxers
   * then complain, not NUT) but not decrease; NUT holds none below 0.
   *
   * @throws DnnError `EINVAL` for such a pts, or a frame that is not of the stream's format and size.
   */
  async writeFrame(frame: Frame): Promise<void> {
    this.#output.checkPts(frame.pts);
    this.#checkFrame(frame);
    const payload = payloadParts(frame, this.#layout);
    this.#lastPts = frame.pts;
    await this.#output.write({ pts: frame.pts, isKey: true }, payload);
  }

  /** Ends the stream; a second call does nothing. The sink stays open: closing it is the caller's. */
  finish(): Promise<void> {
    return this.#output.finish();
  }

  #checkFrame(frame: Frame): void {
    const { format, width, height, pts } = frame;
    const details = { pts, format, width, height };
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

/** The planes, as one part where they follow each other in memory, behind the header that floats have. */
function payloadParts(frame: Frame, layout: FrameLayout): readonly Uint8Array[] {
  const first = frame.data[0]!;
  const contiguous = frame.data.every(
    (plane, i) =>
      plane.buffer === first.buffer && plane.byteOffset === first.byteOffset + layout.planes[i]!.offset,
  );
  const planes = contiguous ? [new Uint8Array(first.buffer, first.byteOffset, layout.size)] : frame.data;
  return frame.format === 'grayf32le' ? [pfmHeader(frame.width, frame.height), ...planes] : planes;
}
