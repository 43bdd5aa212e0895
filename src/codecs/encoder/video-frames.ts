/** VideoFrames of raw video. */
import { DnnError, errorMessage } from '../../base/errors.ts';
import type { PixelFormat } from '../../frame/pixel-format.ts';
import type { CodecColors } from '../codec-contract.ts';
import { colorSpaceInit } from './color-space.ts';

/** What WebCodecs calls the formats that encoders take (VideoPixelFormat). */
const videoFormats: ReadonlyMap<PixelFormat, string> = new Map([
  ['yuv420p', 'I420'],
  ['yuv422p', 'I422'],
  ['yuv444p', 'I444'],
  ['nv12', 'NV12'],
  ['yuv420p10le', 'I420P10'],
  ['yuv422p10le', 'I422P10'],
  ['yuv444p10le', 'I444P10'],
]);

/** What all frames of a stream have in common. */
export interface PictureSetup {
  readonly pixelFormat: PixelFormat;
  /** Luma size in pixels. */
  readonly width: number;
  readonly height: number;
  readonly colors: CodecColors;
}

/**
 * A frame of the browser, to be closed by the caller.
 *
 * @param data tightly packed planes, of which it has a copy.
 * @param timestamp in microseconds.
 * @throws DnnError `ENOSYS` where the browser has no frames of this format or size.
 */
export function videoFrame(
  setup: PictureSetup,
  data: ArrayBuffer | Uint8Array<ArrayBuffer>,
  timestamp: number,
): VideoFrame {
  const { pixelFormat, width, height, colors } = setup;
  const format = videoFormats.get(pixelFormat);
  const details = { pixelFormat, width, height };
  if (format === undefined || !isVideoFormat(format))
    throw new DnnError('ENOSYS', `Browsers have no frames in ${pixelFormat}.`, details);
  const colorSpace = colorSpaceInit(colors);
  try {
    return new VideoFrame(data, { format, codedWidth: width, codedHeight: height, timestamp, colorSpace });
  } catch (cause) {
    throw new DnnError(
      'ENOSYS',
      `The browser makes no frame of ${width}x${height} in ${pixelFormat}: ${errorMessage(cause)}`,
      details,
      { cause },
    );
  }
}

/** The names that TypeScript's library knows, and those that it does not know yet. */
function isVideoFormat(name: string): name is VideoPixelFormat {
  return [...videoFormats.values()].includes(name);
}
