/** What a job starts at its ends, without knowing what that is. */
import type { NutStream } from '../../../media/nut/nut-stream.ts';
import type { FrameSink } from '../../frames/frame-sink.ts';
import type { FrameSource } from '../../frames/frame-source.ts';
import type { FrameStream } from '../../frames/frame-stream.ts';

export interface JobEnds {
  /**
   * Starts what feeds a run of filters.
   *
   * @param run its index in the job's layout.
   * @param inputs frames of the runs that it reads, in the layout's order; the source's from now on.
   */
  startSource(run: number, inputs: readonly FrameStream[]): FrameSource;
  /**
   * Starts what takes the frames of the layout's outputs.
   * @param inputs what they are like, in the layout's order.
   */
  startSink(inputs: readonly NutStream[]): FrameSink;
}
