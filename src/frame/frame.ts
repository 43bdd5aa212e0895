/** One video frame in memory, named after FFmpeg's AVFrame. */
import type { DetectionBBoxes } from './detection-bboxes.ts';
import type { PixelFormat } from './pixel-format.ts';

/**
 * Raw video of one moment. All planes are views of one ArrayBuffer, so that a frame crosses to a worker with
 * one transfer; whoever holds the frame owns the buffer, and posting it gives both away.
 */
export interface Frame {
  readonly format: PixelFormat;
  /** Luma size in pixels. */
  readonly width: number;
  readonly height: number;
  /** Presentation time in units of the stream's time base. */
  readonly pts: number;
  /**
   * The planes in FFmpeg's order; grayf32 holds little-endian float32. Rows are tightly
   * packed (linesize = bytes of a row).
   */
  readonly data: readonly Uint8Array[];
  /** Bytes from one row to the next, per plane. */
  readonly linesize: readonly number[];
  readonly buffer: ArrayBuffer;
  /** Side data AV_FRAME_DATA_DETECTION_BBOXES; absent where nothing was detected. */
  readonly detections?: DetectionBBoxes;
}
