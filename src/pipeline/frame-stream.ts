/** Frames on their way from one stage to the next. */
import type { Frame } from '../frame/frame.ts';
import type { PixelFormat } from '../frame/pixel-format.ts';

export interface Rational {
  readonly num: number;
  readonly den: number;
}

/** What does not change from frame to frame. */
export interface FrameStreamInfo {
  readonly format: PixelFormat;
  readonly width: number;
  readonly height: number;
  readonly sampleAspectRatio: Rational;
  readonly timeBase: Rational;
}

/** A stream that is pulled: asking for the next frame is what lets the stage before go on. */
export interface FrameStream {
  readonly info: FrameStreamInfo;
  /** Can be iterated once; ending the iteration early releases everything behind it. */
  readonly frames: AsyncIterable<Frame>;
}
