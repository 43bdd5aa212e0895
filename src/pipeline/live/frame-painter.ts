/** Draws frames on the page's canvas, from the worker. */
import { DnnError } from '../../base/errors.ts';
import type { Frame } from '../../frame/frame.ts';
import { packedRgbConverter } from '../../frame/packed-rgb/packed-rgb.ts';
import type { PixelFormat } from '../../frame/pixel-format.ts';
import { toRgbx } from '../../frame/rgbx/rgb-to-rgbx.ts';
import type { ReadFrame } from './source/frame-reader.ts';
import { shownSize } from './source/frame-shape.ts';

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
  /** Where frames are put that are drawn wider or higher than they are. */
  #unstretched: OffscreenCanvasRenderingContext2D | undefined;
  /** The picture of the last size, with its bytes seen as pixels. */
  #image: { readonly data: ImageData; readonly pixels: Uint32Array } | undefined;

  /** @throws DnnError `EINVAL` for a canvas that has another context already. */
  constructor(canvas: OffscreenCanvas) {
    this.#canvas = canvas;
    this.#context = context2d(canvas);
  }

  /** Of the picture that was drawn last, in square pixels. */
  get size(): { readonly width: number; readonly height: number } {
    const { width, height } = this.#canvas;
    return { width, height };
  }

  /**
   * Fills the canvas, which takes the frame's size in square pixels: that is how `<video>` shows it, and what
   * others see who use the canvas. The frame stays the caller's.
   */
  draw({ frame, colorSpace, stretch }: ReadFrame): void {
    const { width, height } = frame;
    const [columns, rows] = shownSize(width, height, stretch);
    // A new size clears the canvas; what is drawn below is shown with it.
    if (this.#canvas.width !== columns) this.#canvas.width = columns;
    if (this.#canvas.height !== rows) this.#canvas.height = rows;
    const picture = videoFrameOf(frame, colorSpace);
    if (picture !== undefined) this.#drawPicture(picture);
    else if (columns === width && rows === height) this.#putPixels(frame, this.#context);
    else this.#drawStretched(frame);
  }

  #drawPicture(picture: VideoFrame): void {
    try {
      this.#context.drawImage(picture, 0, 0, this.#canvas.width, this.#canvas.height);
    } finally {
      picture.close();
    }
  }

  /** Pixels can only be put as they are: they go by way of a canvas of their own size. */
  #drawStretched(frame: Frame): void {
    const { width, height } = frame;
    const unstretched = (this.#unstretched ??= context2d(new OffscreenCanvas(width, height)));
    const { canvas } = unstretched;
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    this.#putPixels(frame, unstretched);
    this.#context.drawImage(canvas, 0, 0, this.#canvas.width, this.#canvas.height);
  }

  #putPixels(frame: Frame, context: OffscreenCanvasRenderingContext2D): void {
    const { format, width, height, data } = frame;
    const image = this.#imageOf(width, height);
    if (format === 'rgb24' || format === 'bgr24' || format === 'gray') {
      toRgbx(format, data[0]!, image.pixels);
    } else {
      const packed = new Uint8Array(3 * width * height);
      packedRgbConverter(format, frame, frame, 'rgb').convert(frame, packed);
      toRgbx('rgb24', packed, image.pixels);
    }
    context.putImageData(image.data, 0, 0);
  }

  #imageOf(width: number, height: number): { readonly data: ImageData; readonly pixels: Uint32Array } {
    if (this.#image?.data.width !== width || this.#image.data.height !== height) {
      const data = new ImageData(width, height);
      this.#image = { data, pixels: new Uint32Array(data.data.buffer) };
    }
    return this.#image;
  }
}

function context2d(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d', { alpha: false });
  if (context !== null) return context;
  throw new DnnError(
    'EINVAL',
    'The canvas has a context other than 2d already: give live video one of its own.',
  );
}

/** A frame of YUV as the browser takes it; undefined for others, and where it takes no odd size. */
function videoFrameOf(
  { format, width, height, buffer }: Frame,
  colorSpace: VideoColorSpaceInit | undefined,
): VideoFrame | undefined {
  const video = videoFormats[format];
  if (video === undefined) return undefined;
  const size = { codedWidth: width, codedHeight: height };
  const colors = colorSpace === undefined ? {} : { colorSpace };
  try {
    return new VideoFrame(buffer, { format: video, ...size, timestamp: 0, ...colors });
  } catch (error) {
    // Not every engine takes chroma of half a pixel.
    if (width % 2 === 0 && height % 2 === 0) throw error;
    return undefined;
  }
}
