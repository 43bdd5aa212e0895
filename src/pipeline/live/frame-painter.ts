/** Draws frames on the page's canvas, from the worker. */
import { DnnError } from '../../base/errors.ts';
import type { Frame } from '../../frame/frame.ts';
import { packedRgbConverter } from '../../frame/packed-rgb/packed-rgb.ts';
import type { PixelFormat } from '../../frame/pixel-format.ts';
import { toRgbx } from '../../frame/rgbx/rgb-to-rgbx.ts';
import type { ReadFrame } from './frame-reader.ts';

/** Formats that the browser itself converts and draws. */
const videoFormats: Readonly<Partial<Record<PixelFormat, VideoPixelFormat>>> = {
  yuv420p: 'I420',
  yuv422p: 'I422',
  yuv444p: 'I444',
  nv12: 'NV12',
};

export class FramePainter {
  readonly #canvas: OffscreenCanvas;
  readonly #context: OffscreenCanvasRenderingContext2D;
  /** The picture of the last size, with its bytes seen as pixels. */
  #image: { readonly data: ImageData; readonly pixels: Uint32Array } | undefined;

  /** @throws DnnError `EINVAL` for a canvas that has another context already. */
  constructor(canvas: OffscreenCanvas) {
    this.#canvas = canvas;
    const context = canvas.getContext('2d', { alpha: false });
    if (context === null) {
      throw new DnnError(
        'EINVAL',
        'The canvas has a context other than 2d already: give live video one of its own.',
      );
    }
    this.#context = context;
  }

  /** Fills the canvas, which takes the frame's size. The frame stays the caller's. */
  draw({ frame, colorSpace }: ReadFrame): void {
    const { format, width, height } = frame;
    // A new size clears the canvas; what is drawn below is shown with it.
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
    const video = videoFormats[format];
    // Not every engine takes chroma of half a pixel.
    if (video !== undefined && width % 2 === 0 && height % 2 === 0) this.#drawYuv(frame, video, colorSpace);
    else this.#drawPixels(frame);
  }

  #drawYuv(
    { width, height, buffer }: Frame,
    format: VideoPixelFormat,
    colorSpace?: VideoColorSpaceInit,
  ): void {
    const picture = new VideoFrame(buffer, {
      format,
      codedWidth: width,
      codedHeight: height,
      timestamp: 0,
      ...(colorSpace === undefined ? {} : { colorSpace }),
    });
    try {
      this.#context.drawImage(picture, 0, 0);
    } finally {
      picture.close();
    }
  }

  #drawPixels(frame: Frame): void {
    const { format, width, height, data } = frame;
    const image = this.#imageOf(width, height);
    if (format === 'rgb24' || format === 'bgr24' || format === 'gray') {
      toRgbx(format, data[0]!, image.pixels);
    } else {
      const packed = new Uint8Array(3 * width * height);
      packedRgbConverter(format, frame, frame, 'rgb').convert(frame, packed);
      toRgbx('rgb24', packed, image.pixels);
    }
    this.#context.putImageData(image.data, 0, 0);
  }

  #imageOf(width: number, height: number): { readonly data: ImageData; readonly pixels: Uint32Array } {
    if (this.#image?.data.width !== width || this.#image.data.height !== height) {
      const data = new ImageData(width, height);
      this.#image = { data, pixels: new Uint32Array(data.data.buffer) };
    }
    return this.#image;
  }
}
