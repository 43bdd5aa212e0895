/**
 * Where the planes of a frame lie in one tightly packed buffer: FFmpeg's rawvideo with alignment 1
 * (libavutil/imgutils.c), so that a rawvideo packet is a frame's buffer as it is.
 */
import { DnnError } from '../base/errors.ts';
import type { Frame } from './frame.ts';
import { pixelFormatDescriptor, type PixelFormat } from './pixel-format.ts';

export interface Plane {
  /** Bytes from the start of the buffer. */
  readonly offset: number;
  /** Bytes of a row; rows follow each other without a gap. */
  readonly linesize: number;
  /** Size in pixels of this plane; an nv12 chroma pixel is a pair of bytes. */
  readonly width: number;
  readonly height: number;
}

export interface FrameLayout {
  readonly planes: readonly Plane[];
  /** Bytes of the whole frame (av_image_get_buffer_size with align 1). */
  readonly size: number;
}

/** ceil(value / 2^shift), as AV_CEIL_RSHIFT. */
function ceilRshift(value: number, shift: number): number {
  return Math.ceil(value / 2 ** shift);
}

/**
 * The layout of a frame of `width` x `height` pixels (imgutils.c ·
 * av_image_fill_linesizes, av_image_fill_plane_sizes).
 *
 * @throws DnnError `EINVAL` for a size that FFmpeg refuses too (imgutils.c · av_image_check_size): not a
 *   positive integer, or so large that byte counts leave 31 bits.
 */
export function frameLayout(format: PixelFormat, width: number, height: number): FrameLayout {
  checkSize(width, height);
  const { pixelStep, log2ChromaWidth, log2ChromaHeight } = pixelFormatDescriptor(format);
  const planes: Plane[] = [];
  let offset = 0;
  for (const [index, step] of pixelStep.entries()) {
    const planeWidth = index === 0 ? width : ceilRshift(width, log2ChromaWidth);
    const planeHeight = index === 0 ? height : ceilRshift(height, log2ChromaHeight);
    const linesize = planeWidth * step;
    planes.push({ offset, linesize, width: planeWidth, height: planeHeight });
    offset += linesize * planeHeight;
  }
  return { planes, size: offset };
}

function checkSize(width: number, height: number): void {
  const positive = Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0;
  if (positive && (8 * width + 1024) * (height + 128) < 0x7fffffff) return;
  throw new DnnError('EINVAL', `Picture size ${width}x${height} is invalid.`, { width, height });
}

/**
 * A frame whose planes are views of `buffer`, which the frame owns from now on.
 *
 * @throws DnnError `EINVAL` if the size is refused by {@link frameLayout} or the buffer has not exactly the
 *   bytes that the layout asks for.
 */
export function frameFromBuffer(
  format: PixelFormat,
  width: number,
  height: number,
  pts: number,
  buffer: ArrayBuffer,
): Frame {
  const { planes, size } = frameLayout(format, width, height);
  if (buffer.byteLength !== size) {
    throw new DnnError(
      'EINVAL',
      `A ${format} frame of ${width}x${height} has ${size} bytes, not ${buffer.byteLength} (pts ${pts}).`,
      { format, width, height, pts, expectedBytes: size, bytes: buffer.byteLength },
    );
  }
  return {
    format,
    width,
    height,
    pts,
    data: planes.map((plane) => new Uint8Array(buffer, plane.offset, plane.linesize * plane.height)),
    linesize: planes.map((plane) => plane.linesize),
    buffer,
  };
}

/**
 * A new frame with all bytes zero.
 *
 * @throws DnnError `EINVAL` for a size that {@link frameLayout} refuses;
 * `ENOMEM` if there is no memory for it.
 */
export function allocateFrame(format: PixelFormat, width: number, height: number, pts: number): Frame {
  const { size } = frameLayout(format, width, height);
  let buffer: ArrayBuffer;
  try {
    buffer = new ArrayBuffer(size);
  } catch (error) {
    throw new DnnError(
      'ENOMEM',
      `No memory for a ${format} frame of ${width}x${height} (${size} bytes).`,
      { format, width, height, bytes: size },
      { cause: error },
    );
  }
  return frameFromBuffer(format, width, height, pts, buffer);
}
