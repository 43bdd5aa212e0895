/** The planes of a frame of a decoder as they are, tightly packed. */
import { DnnError } from '../base/errors.ts';
import type { PixelFormat } from '../frame/pixel-format.ts';
import { frameLayout } from '../frame/plane-layout.ts';

/** FFmpeg's names of those formats of WebCodecs that hold a decoder's own samples. */
const planarFormats: Readonly<Record<string, PixelFormat>> = {
  I420: 'yuv420p',
  I422: 'yuv422p',
  I444: 'yuv444p',
  NV12: 'nv12',
  I420P10: 'yuv420p10le',
  I422P10: 'yuv422p10le',
  I444P10: 'yuv444p10le',
};

/** What the planes of a frame are. */
export interface FrameShape {
  readonly format: PixelFormat;
  readonly width: number;
  readonly height: number;
}

/**
 * @throws DnnError `ENOSYS` for a frame that is not given as planes, or does not show their upper left part:
 *   it is not known to be what FFmpeg decodes.
 */
export function shapeOf({ format, visibleRect }: VideoFrame): FrameShape {
  const planar = planarFormats[format ?? ''];
  if (planar === undefined) {
    throw new DnnError(
      'ENOSYS',
      `it gives frames as ${format ?? 'something that it does not tell'}, not as planes`,
      {
        format: format ?? undefined,
      },
    );
  }
  const { x, y, width, height } = visibleRect ?? { x: 0, y: 0, width: 0, height: 0 };
  if (x !== 0 || y !== 0) {
    throw new DnnError('ENOSYS', `it leaves out ${x} columns at the left and ${y} rows at the top`, {
      x,
      y,
    });
  }
  return { format: planar, width, height };
}

/**
 * Copies what the frame shows, which is its visible rectangle.
 *
 * @param into of exactly the bytes of {@link frameLayout}.
 * @throws DnnError `ENOSYS` where the browser lays the planes out in another way than it was asked to.
 */
export async function copyPlanes(
  frame: VideoFrame,
  { format, width, height }: FrameShape,
  into: ArrayBuffer,
): Promise<void> {
  const { planes, size } = frameLayout(format, width, height);
  const layout = planes.map(({ offset, linesize }) => ({ offset, stride: linesize }));
  const options = { layout };
  const needed = frame.allocationSize(options);
  const copied = needed === size ? await frame.copyTo(into, options) : [];
  const isAsAsked =
    copied.length === layout.length &&
    copied.every(({ offset, stride }, index) => {
      const asked = layout[index]!;
      return offset === asked.offset && stride === asked.stride;
    });
  if (isAsAsked) return;
  throw new DnnError(
    'ENOSYS',
    `it does not copy ${format} frames of ${width}x${height} as asked, into ${size} bytes, but into ${needed}`,
    { format, width, height, bytes: needed, expectedBytes: size },
  );
}
