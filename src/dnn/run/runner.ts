/** One loaded model in an inference worker, with what a kind of filter does around it. */
import type { FrameSize, RowRange } from '../contract/interface.ts';
import type { PlannedBytes } from '../contract/planned-bytes.ts';
import type { Frame } from '../../frame/frame.ts';
import type { FrameShape } from './frame-strips.ts';
import type { RunnerAnswer, RunnerKind, RunnerKinds } from './runner-kinds.ts';

/**
 * The frames that go through the model, those that were enlarged before included, and
 * what comes out, without content.
 */
export interface FrameGeometry extends Pick<Frame, 'format' | 'width' | 'height'> {
  readonly outWidth: number;
  readonly outHeight: number;
}

/** Width and height of a result. */
export type ResultSize = Pick<FrameSize, 'width' | 'height'>;

/** Takes the requests of filters of one kind. */
export interface Runner<Kind extends RunnerKind> {
  readonly kind: Kind;
  /**
   * Runs the items of a request through the model. Calls that overlap run one after another.
   *
   * @param items and `outBuffers` as in RunnerRequest.
   * @throws DnnError `DNN_GENERIC_ERROR` if the model fails or gives something else than the filter reads;
   *   `EINVAL` for an item that it cannot run, and after `close`; `ENOMEM`.
   */
  run(
    items: readonly RunnerKinds[Kind]['item'][],
    outBuffers: readonly ArrayBuffer[],
  ): Promise<RunnerAnswer<Kind>>;
  /** The buffers that an output is made of, which travel with it. */
  buffersOf(output: RunnerKinds[Kind]['output']): readonly ArrayBuffer[];
  /**
   * What a run will hold for frames of this size; undefined where the model does not plan its memory, and
   * where it cannot take such a frame, which the first one will tell.
   */
  plannedBytes(geometry: FrameGeometry): Promise<PlannedBytes | undefined>;
  /**
   * What each part of the rows of a result costs, 1 being all of them; undefined where the model computes
   * frames of these formats and sizes only as a whole. A kind whose results have no rows leaves it out.
   *
   * @param frame the one that goes through the model: with `scaleFirst`, the enlarged one.
   */
  rowShares?(
    frame: FrameShape,
    out: ResultSize,
    parts: readonly RowRange[],
  ): Promise<readonly number[] | undefined>;
  /** Frees the model; calling it twice is allowed. */
  close(): void;
}
