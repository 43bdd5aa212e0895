/** What is known of the video stream in a NUT stream before its first frame. */
import type { PixelFormat } from '../../frame/pixel-format.ts';

/** As AVRational. */
export interface Rational {
  readonly num: number;
  readonly den: number;
}

/** Raw video of one size and format. */
export interface NutStream {
  readonly format: PixelFormat;
  /** Luma size in pixels. */
  readonly width: number;
  readonly height: number;
  /** 0/1 if unknown. */
  readonly sampleAspectRatio: Rational;
  /** Seconds of one unit of pts. */
  readonly timeBase: Rational;
  /**
   * Frames per second by the writer's word; FFmpeg writes it as metadata `r_frame_rate` and takes it from
   * there, so that it does not have to guess. Absent if unknown.
   */
  readonly frameRate?: Rational;
}
