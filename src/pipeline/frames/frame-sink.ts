/** What stands last in a job: takes frames and writes the outputs of the command, whatever encodes them. */
import type { Frame } from '../../frame/frame.ts';
import type { StageStats } from '../../workers/pipeline-api.ts';
import type { FrameStream } from './frame-stream.ts';

/** A sink at work, started with what its inputs are like. Whoever started it waits for its exit code. */
export interface FrameSink {
  /**
   * Takes the frames of one input; to be called once for each. Their buffers are given back to the job, and
   * the stream is stopped when nothing more is taken of it.
   *
   * @param onFrame called for each frame that is taken, whose pixels may be gone.
   * @returns resolves when the sink has all frames, or wants no more. Rejects with what failed in the stream:
   *   the sink has then been told, and what it had before becomes a valid file.
   */
  accept(input: number, stream: FrameStream, onFrame: (frame: Frame) => void): Promise<void>;
  /**
   * Lets it finish its files with what it has taken, though other inputs of it might go on (the sound of the
   * film). To be called once all inputs have ended. Resolves once it is asked.
   */
  quit(): Promise<void>;
  /** Ends it at once; its files are incomplete. */
  kill(): void;
  /** How it ended: 0 where its files are complete. Rejects where it crashed, or was killed. */
  readonly exitCode: Promise<number>;
  /** Frames by its own count, which `-r` and `-frames` change; undefined while it has told none. */
  readonly framesEncoded: number | undefined;
  /** Its lines of `-dnn_stats`, in the order in which a frame passes them. @param frames that it encoded. */
  stats(frames: number): readonly StageStats[];
}
