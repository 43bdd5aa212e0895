/** What becomes of a frame whose inference failed: the filter's option `on_error`. */
import type { Logger } from '../../base/log.ts';
import type { OnError } from '../../dnn/options/execution-options.ts';
import { scaleFrame } from '../../dnn/run/scale-frame.ts';
import type { Frame } from '../../frame/frame.ts';
import { frameFromBuffer, frameLayout } from '../../frame/plane-layout.ts';
import type { BufferPool } from '../frames/buffer-pool.ts';

export interface FailedFrameOptions {
  readonly onError: OnError;
  /** Size of the frames that leave the filter. */
  readonly outWidth: number;
  readonly outHeight: number;
  readonly buffers: BufferPool;
  readonly log: Logger;
}

/**
 * Decides about a frame that failed, and says so in the log; `fail` throws.
 *
 * @param frame given back to the pool, unless it is the result.
 * @returns the frame that goes on in its place, or undefined where none does.
 * @throws `error` with the policy `fail`.
 */
export function replaceFailedFrame(
  frame: Frame,
  error: Error,
  { onError, outWidth, outHeight, buffers, log }: FailedFrameOptions,
): Frame | undefined {
  if (onError === 'fail') {
    buffers.give(frame.buffer);
    throw error;
  }
  if (onError === 'drop') {
    log('error', `${error.message}; the frame is dropped`);
    buffers.give(frame.buffer);
    return undefined;
  }
  const { format, width, height, pts } = frame;
  if (width === outWidth && height === outHeight) {
    log('error', `${error.message}; the frame passes unchanged`);
    return frame;
  }
  log('error', `${error.message}; the frame passes scaled to ${outWidth}x${outHeight}`);
  const { size } = frameLayout(format, outWidth, outHeight);
  const scaled = frameFromBuffer(format, outWidth, outHeight, pts, buffers.take(size));
  scaleFrame(frame, scaled);
  buffers.give(frame.buffer);
  return frame.detections === undefined ? scaled : { ...scaled, detections: frame.detections };
}
