/** Video frames of the browser as frames for the filters, in the colours that this browser shows. */
import type { Frame } from '../../../frame/frame.ts';
import type { PixelFormat } from '../../../frame/pixel-format.ts';
import { frameFromBuffer, frameLayout } from '../../../frame/plane-layout.ts';
import { fromRgbx } from '../../../frame/rgbx/rgbx-to-rgb.ts';
import { rgbxToYuv420p, yuv420pColors } from '../../../frame/rgbx/rgbx-to-yuv420p.ts';
import { turnPixels } from '../../../frame/rgbx/turn-pixels.ts';
import { yuv420ToRgb24 } from '../../../frame/rgbx/yuv420-to-rgb24.ts';
import { yuvToRgb } from '../../../frame/rgbx/yuv-matrix.ts';
import type { BufferPool } from '../../frames/buffer-pool.ts';
import type { ChosenFormat, LiveFormat } from '../live-format.ts';
import { colorsOf } from './frame-colors.ts';
import { shapeOf, type FrameShape, type Stretch } from './frame-shape.ts';
import { ownPixels, packedOrder, type PackedPixels } from './packed-frame.ts';
import { drawingContext, RgbRoutes, type RgbRoute } from './rgb-route.ts';

/** A frame with what its colours mean, where it is YUV, and how it is to be shown. */
export interface ReadFrame {
  readonly frame: Frame;
  readonly colorSpace?: VideoColorSpaceInit | undefined;
  readonly stretch: Stretch;
}

/** A frame that was just read. */
export interface FreshFrame extends ReadFrame {
  /** Whether it is transparent somewhere, which nobody sees any more. */
  readonly hasTransparency: boolean;
}

/** The formats of video frames whose planes lie as ours do. */
const sameLayout: Readonly<Partial<Record<VideoPixelFormat, PixelFormat>>> = {
  I420: 'yuv420p',
  I422: 'yuv422p',
  I444: 'yuv444p',
  NV12: 'nv12',
};

export class FrameReader {
  readonly #buffers: BufferPool;
  readonly #routes = new RgbRoutes();
  /** Draws frames that cannot be had otherwise. */
  #canvas: OffscreenCanvasRenderingContext2D | undefined;

  constructor(buffers: BufferPool) {
    this.#buffers = buffers;
  }

  /**
   * Copies a frame's visible pixels, turned as they are shown. The source stays the caller's; the frame's
   * buffer is of the pool, and the caller's. Alpha is dropped, and colours are kept as they are stored.
   *
   * @param pts of the new frame.
   * @throws what VideoFrame.copyTo throws.
   */
  async read(
    source: VideoFrame,
    { format: wanted, takesNv12 }: ChosenFormat,
    pts: number,
  ): Promise<FreshFrame> {
    const shape = shapeOf(source);
    const own = shape.isUpright && source.format !== null ? sameLayout[source.format] : undefined;
    const format = wanted === 'source' ? (own === undefined ? 'rgb24' : 'yuv') : wanted;
    if (own === undefined) return this.#readRgbx(source, shape, format, await this.#routeOf(source), pts);
    if (format === 'yuv') return this.#readYuv(source, shape, own, takesNv12, pts);
    const route = await this.#routeOf(source);
    const isDirect = route === 'planes' && (own === 'yuv420p' || own === 'nv12') && format !== 'gray';
    if (!isDirect) return this.#readRgbx(source, shape, format, route, pts);
    const colors = yuvToRgb(source.colorSpace);
    const planes = await this.#copyPlanes(source, shape, own, pts);
    try {
      const frame = this.#take(format, shape, pts);
      const order = format === 'bgr24' ? 'bgr' : 'rgb';
      yuv420ToRgb24(yuv420Of(planes), colors, frame.data[0]!, order);
      return { frame, stretch: shape.stretch, hasTransparency: false };
    } finally {
      this.#buffers.give(planes.buffer);
    }
  }

  async #readYuv(
    source: VideoFrame,
    shape: FrameShape,
    own: PixelFormat,
    takesNv12: boolean,
    pts: number,
  ): Promise<FreshFrame> {
    const of = { colorSpace: tagsOf(source), stretch: shape.stretch, hasTransparency: false };
    const planes = await this.#copyPlanes(source, shape, own, pts);
    if (own !== 'nv12' || takesNv12) return { frame: planes, ...of };
    try {
      const frame = this.#take('yuv420p', shape, pts);
      splitChroma(planes, frame);
      return { frame, ...of };
    } finally {
      this.#buffers.give(planes.buffer);
    }
  }

  async #copyPlanes(source: VideoFrame, shape: FrameShape, format: PixelFormat, pts: number): Promise<Frame> {
    const planes = this.#take(format, shape, pts);
    try {
      await source.copyTo(planes.buffer, { layout: layoutOf(planes) });
      return planes;
    } catch (error) {
      this.#buffers.give(planes.buffer);
      throw error;
    }
  }

  async #readRgbx(
    source: VideoFrame,
    shape: FrameShape,
    format: LiveFormat,
    route: RgbRoute | 'packed',
    pts: number,
  ): Promise<FreshFrame> {
    const { width, height, stretch } = shape;
    const bytes = this.#buffers.take(4 * width * height);
    try {
      const { pixels, hasTransparency } = await this.#pixels(source, shape, route, bytes);
      const frame = this.#take(format === 'yuv' ? 'yuv420p' : format, shape, pts);
      const [first, second, third] = frame.data;
      if (format !== 'yuv') fromRgbx(format, pixels, first!);
      else rgbxToYuv420p(pixels, width, height, [first!, second!, third!]);
      const colors = format === 'yuv' ? { colorSpace: yuv420pColors } : {};
      return { frame, ...colors, stretch, hasTransparency };
    } finally {
      this.#buffers.give(bytes);
    }
  }

  async #routeOf(source: VideoFrame): Promise<RgbRoute | 'packed'> {
    const { format, colorSpace } = source;
    if (format === null) return 'draw';
    if (packedOrder(format) === undefined) return this.#routes.routeOf(tagsOf(source));
    const { primaries } = colorSpace;
    return primaries === null || primaries === 'bt709' ? 'packed' : 'draw';
  }

  /** The pixels as R, G, B and a byte that does not count, turned; they may lie in `bytes`. */
  async #pixels(
    source: VideoFrame,
    shape: FrameShape,
    route: RgbRoute | 'packed',
    bytes: ArrayBuffer,
  ): Promise<PackedPixels> {
    const { storedWidth, storedHeight, turn, isUpright, width, height } = shape;
    const isPacked = route === 'packed';
    if (!isPacked && route !== 'convert') return this.#drawn(source, width, height);
    const stored = isPacked
      ? await ownPixels(source, storedWidth, bytes)
      : await convertedPixels(source, storedWidth, bytes);
    if (isUpright) return stored;
    return { ...stored, pixels: turnPixels(stored.pixels, storedWidth, storedHeight, turn) };
  }

  #drawn(source: VideoFrame, width: number, height: number): PackedPixels {
    const context = (this.#canvas ??= drawingContext(width, height));
    const { canvas } = context;
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    context.globalCompositeOperation = 'copy';
    context.drawImage(source, 0, 0, width, height);
    const pixels = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);
    return { pixels, hasTransparency: hasAlpha(source) };
  }

  #take(format: PixelFormat, { width, height }: FrameShape, pts: number): Frame {
    const { size } = frameLayout(format, width, height);
    return frameFromBuffer(format, width, height, pts, this.#buffers.take(size));
  }
}

async function convertedPixels(source: VideoFrame, width: number, bytes: ArrayBuffer): Promise<PackedPixels> {
  await source.copyTo(bytes, { format: 'RGBX', layout: [{ offset: 0, stride: 4 * width }] });
  return { pixels: new Uint32Array(bytes), hasTransparency: hasAlpha(source) };
}

/** I420A, I444AP10 and the like. */
function hasAlpha({ format }: VideoFrame): boolean {
  return format !== null && /A(P1[02])?$/.test(format);
}

function tagsOf({ colorSpace }: VideoFrame): VideoColorSpaceInit {
  return colorsOf(colorSpace.toJSON());
}

function layoutOf({ data, linesize }: Frame): PlaneLayout[] {
  return data.map(({ byteOffset }, plane) => ({ offset: byteOffset, stride: linesize[plane]! }));
}

function yuv420Of({ format, width, height, data }: Frame): Parameters<typeof yuv420ToRgb24>[0] {
  const [y, u, v] = data;
  return format === 'nv12'
    ? { width, height, y: y!, u: u!, v: u!.subarray(1), step: 2 }
    : { width, height, y: y!, u: u!, v: v!, step: 1 };
}

/** nv12 as yuv420p. */
function splitChroma({ data: [fromY, uv] }: Frame, { data: [toY, u, v] }: Frame): void {
  toY!.set(fromY!);
  for (let at = 0, from = 0; at < u!.length; at++, from += 2) {
    u![at] = uv![from]!;
    v![at] = uv![from + 1]!;
  }
}
