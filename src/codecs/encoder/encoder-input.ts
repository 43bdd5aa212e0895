/** Makes frames for an encoder of what comes: as it is, or as ffmpeg's scaler would convert it. */
import { DnnError } from '../../base/errors.ts';
import { frameLayout } from '../../frame/plane-layout.ts';
import { hasAutoYuv } from '../../frame/planar-yuv/has-auto-yuv.ts';
import { Rgb24ToYuv420p } from '../../frame/planar-yuv/rgb24-to-yuv420p.ts';
import type { Yuv420pConverter } from '../../frame/planar-yuv/yuv420p-converter.ts';
import type { EncodeSetup } from '../codec-contract.ts';

import { videoFrame } from './video-frames.ts';

/** The input of one stream. */
export class EncoderInput {
  readonly #setup: EncodeSetup;
  readonly #conversion: { readonly converter: Yuv420pConverter; readonly planes: ArrayBuffer } | undefined;

  /** @throws DnnError `ENOSYS` for formats between which nothing converts here. */
  constructor(setup: EncodeSetup) {
    const { inputFormat, pixelFormat, width, height, colors } = setup;
    this.#setup = setup;
    if (inputFormat === pixelFormat) return;
    if (!hasAutoYuv(inputFormat, pixelFormat)) {
      throw new DnnError(
        'ENOSYS',
        `A codec worker does not convert ${inputFormat} to ${pixelFormat}: let ffmpeg do it.`,
        { inputFormat, pixelFormat },
      );
    }
    this.#conversion = {
      converter: new Rgb24ToYuv420p({ width, height }, colors.colorSpace),
      planes: new ArrayBuffer(frameLayout(pixelFormat, width, height).size),
    };
  }

  /**
   * A frame of the browser, to be closed by the caller.
   *
   * @param buffer in the stream's `inputFormat`; stays the caller's.
   * @param timestamp in microseconds.
   * @throws DnnError as {@link videoFrame}; `EINVAL` for a buffer that is too small.
   */
  frame(buffer: ArrayBuffer, timestamp: number): VideoFrame {
    if (this.#conversion === undefined) return videoFrame(this.#setup, buffer, timestamp);
    const { inputFormat, width, height } = this.#setup;
    const { converter, planes } = this.#conversion;
    const bytes = frameLayout(inputFormat, width, height).size;
    if (buffer.byteLength < bytes) {
      throw new DnnError(
        'EINVAL',
        `A frame of ${width}x${height} in ${inputFormat} has ${bytes} bytes, this one ${buffer.byteLength}.`,
        { bytes: buffer.byteLength, expectedBytes: bytes },
      );
    }
    converter.convert(new Uint8Array(buffer), new Uint8Array(planes));
    return videoFrame(this.#setup, planes, timestamp);
  }
}
