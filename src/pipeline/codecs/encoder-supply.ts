/** Where an encoder's frames come from: each at the time, and in the format, in which it is encoded. */
import type { Frame } from '../../frame/frame.ts';
import type { NutStream } from '../../media/nut/nut-stream.ts';
import type { StageStats } from '../../workers/pipeline-api.ts';
import type { FrameStream } from '../frames/frame-stream.ts';

/** Frames on their way to an encoder. */
export interface SuppliedFrames {
  /** The encoder's now; can be iterated once. */
  readonly frames: AsyncIterable<Frame>;
  /** No more frames are needed. */
  stop(): void;
  /** Settles once all frames are taken of the stream they are made of, or no more are. */
  readonly taken: Promise<unknown>;
}

/** Whoever has one starts or kills it. */
export interface EncoderSupply {
  /** What the frames are like; rejects where none comes. */
  readonly info: Promise<NutStream>;
  /** To be called once. @param onFrame called for each frame that is taken of the stream. */
  start(stream: FrameStream, onFrame: (frame: Frame) => void): SuppliedFrames;
  /** How it ended; to be asked where its frames have failed. */
  failedExitCode(): Promise<number>;
  /** Its lines of `-dnn_stats`. @param frames that were encoded. */
  stats(frames: number): readonly StageStats[];
  /** Ends it at once. */
  kill(): void;
}
