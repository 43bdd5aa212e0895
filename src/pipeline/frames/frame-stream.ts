/** Frames on their way from one stage to the next. */
import type { Frame } from '../../frame/frame.ts';
import type { NutStream } from '../../media/nut/nut-stream.ts';

/** A stream that is pulled: asking for the next frame is what lets the stage before go on. */
export interface FrameStream {
  /** What does not change from frame to frame. */
  readonly info: NutStream;
  /** Can be iterated once; ending the iteration early releases everything behind it. */
  readonly frames: AsyncIterable<Frame>;
  /** No more frames are needed: a pending wait for the next one ends now, and what produces them stops. */
  stop(): void;
}
