/** Makes frames for an encoder of what comes: as it is, or as ffmpeg's scaler would convert it. */
import { DnnError } from '../../base/errors.ts';
import type { PixelKernels } from '../../frame/pixel-kernels/pixel-kernels.ts';
import { frameLayout } from '../../frame/plane-layout.ts';
import { autoYuv } from '../../frame/planar-yuv/auto-yuv.ts';
import type { Yuv420pConverter } from '../../frame/planar-yuv/yuv420p-converter.ts';
import type { EncodeSetup } from '../codec-contract.ts';
import { videoFrame } from './video-frames.ts';

/** The input of one stream. */
export class EncoderInput {
  readonly #setup: EncodeSetup;
  readonly #converter: Yuv420pConverter | undefined;

  /**
   * @param kernels that convert; undefined where there are none.
   * @throws DnnError `ENOSYS` for formats between which nothing converts here.
   */
  constructor(setup: EncodeSetup, kernels: PixelKernels | undefined) {
    const { inputFormat, pixelFormat, width, height, colors } = setup;
    this.#setup = setup;
    if (inputFormat === pixelFormat) return;
    this.#converter = autoYuv(inputFormat, pixelFormat, { width, height }, colors.colorSpace, kernels);
    if (this.#converter !== undefined) return;
    throw new DnnError(
      'ENOSYS',
      `A codec worker does not convert ${inputFormat} to ${pixelFormat}: let ffmpeg do it.`,
      { inputFormat, pixelFormat },
    );
  }

  /**
   * A frame of the browser, to be closed by the caller.
   *
   * @param buffer in the stream's `inputFormat`; stays the caller's.
   * @param timestamp in microseconds.
   * @throws DnnError as {@link videoFrame}; `EINVAL` for a buffer that is too small.
   */
  frame(buffer: ArrayBuffer, timestamp: number): VideoFrame {
    if (this.#converter === undefined) return videoFrame(this.#setup, buffer, timestamp);
    const { inputFormat, width, height } = this.#setup;
    const bytes = frameLayout(inputFormat, width, height).size;
    if (buffer.byteLength < bytes) {
      throw new DnnError(
        'EINVAL',
        `A frame of ${width}x${height} in ${inputFormat} has ${bytes} bytes, this one ${buffer.byteLength}.`,
        { bytes: buffer.byteLength, expectedBytes: bytes },
      );
    }
    return videoFrame(this.#setup, this.#converter.convert(new Uint8Array(buffer)), timestamp);
  }
}
