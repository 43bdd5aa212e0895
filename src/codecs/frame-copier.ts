/** Brings frames of a decoder into buffers: as they are, or as ffmpeg's scaler makes rgb24 of them. */
import { DnnError } from '../base/errors.ts';
import { autoRgb24, type YuvTags } from '../frame/packed-rgb/auto-rgb24.ts';
import type { PackedRgbConverter } from '../frame/packed-rgb/packed-rgb-converter.ts';
import type { PixelKernels } from '../frame/pixel-kernels/pixel-kernels.ts';
import { frameFromBuffer, frameLayout } from '../frame/plane-layout.ts';
import type { DecodedFrame } from './codec-contract.ts';
import type { FrameBuffers } from './frame-buffers.ts';
import { copyPlanes, shapeOf, type FrameShape } from './frame-planes.ts';

/** A decoded frame of which the pts is not known here. */
export type CopiedFrame = Omit<DecodedFrame, 'pts'>;

/** How frames become rgb24. */
export interface ToRgb24 {
  readonly tags: YuvTags;
  /** That do it; undefined where there are none. */
  readonly kernels: PixelKernels | undefined;
}

interface Conversion {
  readonly converter: PackedRgbConverter;
  /** The planes of one frame. */
  readonly planes: ArrayBuffer;
}

/** For the frames of one stream, one at a time. All are of one format and size. */
export class FrameCopier {
  readonly #buffers: FrameBuffers;
  readonly #toRgb24: ToRgb24 | undefined;
  #shape: FrameShape | undefined;
  #conversion: Conversion | undefined;

  /**
   * @param buffers that frames take.
   * @param toRgb24 undefined where frames are not converted.
   */
  constructor(buffers: FrameBuffers, toRgb24: ToRgb24 | undefined) {
    this.#buffers = buffers;
    this.#toRgb24 = toRgb24;
  }

  /** Bytes of a frame as the decoder has it; 0 before the first. */
  get decodedBytes(): number {
    if (this.#shape === undefined) return 0;
    return frameLayout(this.#shape.format, this.#shape.width, this.#shape.height).size;
  }

  /**
   * The frame stays open, and the caller's.
   *
   * @throws DnnError `ENOSYS` for frames that are not planes, are not copied as asked, change in mid stream,
   *   or cannot be converted exactly as FFmpeg does.
   */
  async copy(frame: VideoFrame): Promise<CopiedFrame> {
    const shape = shapeOf(frame);
    this.#checkSame(shape);
    const { width, height } = shape;
    if (this.#toRgb24 === undefined) {
      const buffer = this.#buffers.take(this.decodedBytes);
      await copyPlanes(frame, shape, buffer);
      return { ...shape, buffer };
    }
    const { converter, planes } = (this.#conversion ??= this.#startConversion(shape, this.#toRgb24));
    await copyPlanes(frame, shape, planes);
    const buffer = this.#buffers.take(frameLayout('rgb24', width, height).size);
    converter.convert(frameFromBuffer(shape.format, width, height, 0, planes), new Uint8Array(buffer));
    return { format: 'rgb24', width, height, buffer };
  }

  #checkSame(now: FrameShape): void {
    const first = (this.#shape ??= now);
    if (first.format === now.format && first.width === now.width && first.height === now.height) return;
    throw new DnnError('ENOSYS', `its frames change from ${words(first)} to ${words(now)}`);
  }

  #startConversion(shape: FrameShape, { tags, kernels }: ToRgb24): Conversion {
    const converter = autoRgb24(shape.format, shape, tags, kernels);
    if (converter === undefined) {
      throw new DnnError(
        'ENOSYS',
        `its frames, ${words(shape)}, are not converted to rgb24 as FFmpeg does it`,
      );
    }
    return { converter, planes: new ArrayBuffer(this.decodedBytes) };
  }
}

function words({ format, width, height }: FrameShape): string {
  return `${format} ${width}x${height}`;
}
