/** What frame processing gives to an inference worker. */
import type { Frame } from '../../frame/frame.ts';
import type { RowRange } from '../contract/interface.ts';

export interface PaddedSize {
  readonly width: number;
  readonly height: number;
  readonly outWidth: number;
  readonly outHeight: number;
}

/** One frame to run through the model, and the size in pixels of what comes out. */
export interface FrameToInfer {
  readonly frame: Frame;
  readonly outWidth: number;
  readonly outHeight: number;
  /**
   * Enlarges the frame to the size of the result before it goes through the model, all planes of it, with
   * swscale's bicubic (the filter sr with a model that keeps the size); false where left out.
   */
  readonly scaleFirst?: boolean;
  /**
   * Sizes in pixels of the frame made larger by its edge, which the model takes, and of what it makes of
   * that; the result is cut to `outWidth` x `outHeight` at the top left. Left out where the model takes
   * the frame.
   */
  readonly padded?: PaddedSize;
  /**
   * Computes only these rows of plane 0 of the result. Rows from 0 on come in the frame that
   * belongs to them, with all its other planes, and the rows behind them undefined; other rows as
   * a frame of their own, of plane 0 alone.
   */
  readonly rows?: RowRange;
}
