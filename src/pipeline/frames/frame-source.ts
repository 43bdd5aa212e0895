/** What stands first in a job, or between two runs of filters: gives frames, whatever makes them. */
import type { StageStats } from '../../workers/pipeline-api.ts';
import type { FrameStream } from './frame-stream.ts';

/**
 * A source at work. Whoever started it ends it: by reading all frames, by
 * stopping their stream, or by `kill`.
 */
export interface FrameSource {
  /**
   * Resolves once the first frame is there, which is when its size is known. The frames are the reader's;
   * they come from the job's buffers. Where the source fails on its way, the iteration throws
   * SourceFailure behind the last good frame.
   *
   * @throws StageFailure where the source ends before the first frame with an exit code that is not
   *   0; whatever else ends it before.
   */
  readonly frames: Promise<FrameStream>;
  /**
   * For a source that reads frames itself: for each of its inputs when it has them all, or wants no more.
   * Rejects with what failed in the frames; the source has then been told, and finishes what it has.
   */
  readonly inputs: readonly Promise<unknown>[];
  /** How it ended: 0 where it did well, also after `quit`. Rejects where it crashed, or was killed. */
  readonly exitCode: Promise<number>;
  /**
   * Asks it to give no more frames, and to end soon. The last frame may come in half
   * then, which is a SourceFailure.
   */
  quit(): void;
  /** Ends it at once. Frames that are waited for fail. */
  kill(): void;
  /** Its lines of `-dnn_stats`. @param frames that it gave on, as whoever reads them counts them. */
  stats(frames: number): readonly StageStats[];
}
