/** Video frames of the browser as frames for the filters, converted at most once. */
import type { Frame } from '../../frame/frame.ts';
import type { PixelFormat } from '../../frame/pixel-format.ts';
import { frameFromBuffer, frameLayout } from '../../frame/plane-layout.ts';
import { fromRgbx } from '../../frame/rgbx/rgbx-to-rgb.ts';
import { rgbxToYuv420p, yuv420pColors } from '../../frame/rgbx/rgbx-to-yuv420p.ts';
import { yuv420ToRgb24 } from '../../frame/rgbx/yuv420-to-rgb24.ts';
import { yuvToRgb } from '../../frame/rgbx/yuv-matrix.ts';
import type { BufferPool } from '../frames/buffer-pool.ts';
import type { ChosenFormat, LiveFormat } from './live-format.ts';

/** A frame with what its colours mean, where it is YUV. */
export interface ReadFrame {
  readonly frame: Frame;
  readonly colorSpace?: VideoColorSpaceInit | undefined;
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
  /** Draws frames that cannot be copied as RGB: in older engines, and where a camera is turned. */
  #canvas: OffscreenCanvasRenderingContext2D | undefined;

  constructor(buffers: BufferPool) {
    this.#buffers = buffers;
  }

  /**
   * Copies a frame's visible pixels. The source stays the caller's; the frame's buffer is
   * of the pool, and the caller's.
   *
   * @param pts of the new frame.
   * @throws what VideoFrame.copyTo throws.
   */
  async read(
    source: VideoFrame,
    { format: wanted, takesNv12 }: ChosenFormat,
    pts: number,
  ): Promise<ReadFrame> {
    const own = isUpright(source) ? sameLayout[source.format ?? 'RGBX'] : undefined;
    const format = wanted === 'source' ? (own === undefined ? 'rgb24' : 'yuv') : wanted;
    if (own === undefined) return this.#readRgbx(source, format, pts);
    const isDirect = format === 'yuv' && (own !== 'nv12' || takesNv12);
    if (!isDirect && (format === 'gray' || (own !== 'yuv420p' && own !== 'nv12')))
      return this.#readRgbx(source, format, pts);
    const { width, height } = sizeOf(source);
    const colorSpace = source.colorSpace.toJSON();
    const planes = this.#take(own, width, height, pts);
    try {
      await source.copyTo(planes.buffer, { layout: layoutOf(planes) });
      if (isDirect) return { frame: planes, colorSpace };
      const frame = this.#take(format === 'yuv' ? 'yuv420p' : format, width, height, pts);
      if (format === 'yuv') splitChroma(planes, frame);
      else yuv420ToRgb24(yuv420Of(planes), yuvToRgb(colorSpace, height), frame.data[0]!, orderOf(format));
      this.#buffers.give(planes.buffer);
      return format === 'yuv' ? { frame, colorSpace } : { frame };
    } catch (error) {
      this.#buffers.give(planes.buffer);
      throw error;
    }
  }

  async #readRgbx(source: VideoFrame, format: LiveFormat, pts: number): Promise<ReadFrame> {
    const { width, height } = sizeOf(source);
    const bytes = this.#buffers.take(4 * width * height);
    try {
      const pixels = await this.#rgbx(source, bytes, width, height);
      const frame = this.#take(format === 'yuv' ? 'yuv420p' : format, width, height, pts);
      const [first, second, third] = frame.data;
      if (format !== 'yuv') fromRgbx(format, pixels, first!);
      else rgbxToYuv420p(pixels, width, height, [first!, second!, third!]);
      return format === 'yuv' ? { frame, colorSpace: yuv420pColors } : { frame };
    } finally {
      this.#buffers.give(bytes);
    }
  }

  /** The pixels as R, G, B, X; in `bytes` where the engine converts. */
  async #rgbx(source: VideoFrame, bytes: ArrayBuffer, width: number, height: number): Promise<Uint32Array> {
    const canConvert = isUpright(source) && source.format !== null && isSameSize(source, width, height);
    if (canConvert && source.allocationSize({ format: 'RGBX' }) === bytes.byteLength) {
      await source.copyTo(bytes, { format: 'RGBX', layout: [{ offset: 0, stride: 4 * width }] });
      return new Uint32Array(bytes);
    }
    const canvas = (this.#canvas ??= contextOf(new OffscreenCanvas(width, height)));
    if (canvas.canvas.width !== width) canvas.canvas.width = width;
    if (canvas.canvas.height !== height) canvas.canvas.height = height;
    canvas.drawImage(source, 0, 0, width, height);
    return new Uint32Array(canvas.getImageData(0, 0, width, height).data.buffer);
  }

  #take(format: PixelFormat, width: number, height: number, pts: number): Frame {
    const { size } = frameLayout(format, width, height);
    return frameFromBuffer(format, width, height, pts, this.#buffers.take(size));
  }
}

/** Newer engines tell how a phone was held, and turn frames only when they draw them. */
function isUpright(source: VideoFrame): boolean {
  const { rotation = 0, flip = false } = source as VideoFrame & { rotation?: number; flip?: boolean };
  return rotation === 0 && !flip;
}

/** Size in pixels of what is read: the visible pixels, turned as they are shown. */
function sizeOf(source: VideoFrame): { readonly width: number; readonly height: number } {
  const { visibleRect, displayWidth, displayHeight } = source;
  if (!isUpright(source) || visibleRect === null) return { width: displayWidth, height: displayHeight };
  return { width: visibleRect.width, height: visibleRect.height };
}

function isSameSize({ visibleRect }: VideoFrame, width: number, height: number): boolean {
  return visibleRect?.width === width && visibleRect.height === height;
}

function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d', { willReadFrequently: true, alpha: false });
  if (context === null) throw new Error('This engine gives a worker no 2d context.');
  return context;
}

function layoutOf({ data, linesize }: Frame): PlaneLayout[] {
  return data.map(({ byteOffset }, plane) => ({ offset: byteOffset, stride: linesize[plane]! }));
}

function orderOf(format: LiveFormat): 'rgb' | 'bgr' {
  return format === 'bgr24' ? 'bgr' : 'rgb';
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
