/**
 * Decides whether each frame is computed in strips by several workers: the option
 * `conv2d_threads` of the native backend.
 */
import { DnnError } from '../../base/errors.ts';
import type { RowRange } from '../contract/interface.ts';
import { splitRows } from '../contract/split-rows.ts';

/** What the choice depends on. */
export interface StripWish {
  /** The option's value, at least 1. */
  readonly conv2dThreads: number;
  /** Workers that there are, at least 1. */
  readonly workers: number;
  /** Height of the result in pixels. */
  readonly outHeight: number;
  /**
   * What parts of the rows cost, 1 being a whole frame; undefined where only whole frames can be computed.
   */
  readonly rowShares: (parts: readonly RowRange[]) => Promise<readonly number[] | undefined>;
}

export interface ChosenStrips {
  /** From top to bottom, at least two; empty where frames run whole. */
  readonly strips: readonly RowRange[];
  /** One line for the log: what was chosen and why. */
  readonly text: string;
}

/**
 * Strips overlap inside a network. Together they may cost this much, a whole frame being 1; with more,
 * workers that take whole frames are better.
 */
const mostWork = 1.5;

/**
 * As many strips as were asked for and there are workers and rows for; fewer where they would
 * overlap too much. Frames run whole where a DnnError is the answer: what becomes of frames
 * that fail is decided when they do.
 *
 * @throws what else `rowShares` throws.
 */
export async function chooseStrips({
  conv2dThreads,
  workers,
  outHeight,
  rowShares,
}: StripWish): Promise<ChosenStrips> {
  const option = `conv2d_threads=${conv2dThreads}`;
  const whole = (reason: string): ChosenStrips => ({
    strips: [],
    text: `${option}: whole frames, each in one worker, ${reason}`,
  });
  if (conv2dThreads < 2) return whole('as asked for');
  if (workers < 2) return whole('since there is one');
  const most = splitRows(outHeight, Math.min(conv2dThreads, workers));
  if (most.length < 2) return whole(`since ${outHeight} rows are too few for strips`);
  for (let count = most.length; count > 1; count--) {
    const strips = splitRows(outHeight, count);
    const shares = await rowShares(strips).catch(failureOf);
    if (shares instanceof DnnError) return whole(`since the model failed: ${shares.message}`);
    if (shares === undefined) return whole('since rows of such frames are not computed alone by this model');
    const work = shares.reduce((sum, share) => sum + share, 0);
    if (work > mostWork) continue;
    const overlap = Math.round(100 * (work - 1));
    return {
      strips,
      text: `${option}: strips over ${count} workers, ${overlap} % of a frame computed twice`,
    };
  }
  return whole('since strips of this network overlap too much');
}

function failureOf(error: unknown): DnnError {
  if (error instanceof DnnError) return error;
  throw error;
}
