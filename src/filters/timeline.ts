/**
 * The `enable` option of filters with timeline support: which frames they touch;
 * mirrors libavfilter/avfilter.c.
 */
import { parseExpression, type Expression } from '../base/expression.ts';
import type { Logger } from '../base/log.ts';
import type { SourceText } from '../base/source-text.ts';
import type { Frame } from '../frame/frame.ts';

/** The variables of timeline expressions, in the order of avfilter.c · var_names. */
const variableNames = ['t', 'n', 'pos', 'w', 'h'] as const;

/** A time base: seconds of one unit of pts. */
interface TimeBase {
  readonly num: number;
  readonly den: number;
}

/** One run of a filter over its frames: counts them. */
export class Timeline {
  readonly #expression: Expression;
  #count = 0;

  /** @throws DnnError `EINVAL` with the position in the expression */
  constructor(filter: string, enable: SourceText) {
    this.#expression = parseTimeline(filter, enable);
  }

  /**
   * Whether the filter is to touch the next frame of its input. To be asked once for each frame, in their
   * order (ff_inlink_evaluate_timeline_at_frame).
   *
   * @throws DnnError `EINVAL` where a loop of the expression does not end
   */
  isEnabled(
    { pts, width, height }: Pick<Frame, 'pts' | 'width' | 'height'>,
    { num, den }: TimeBase,
  ): boolean {
    const variables = [pts * (num / den), this.#count, NaN, width, height];
    // FFmpeg asks twice (ff_inlink_consume_frame, then ff_filter_frame_framed), which
    // expressions with a memory notice.
    this.#expression.evaluate(variables);
    const value = this.#expression.evaluate(variables);
    this.#count += 1;
    return Math.abs(value) >= 0.5;
  }
}

/**
 * Refuses an `enable` that is no expression, before any frame flows.
 *
 * @throws DnnError `EINVAL` with the position in the expression
 */
export function checkTimeline(filter: string, enable: SourceText, log: Logger): void {
  if (!parseTimeline(filter, enable).uses.has('pos')) return;
  log(
    'warning',
    `enable of ${filter} uses pos, which is not a number here: frames come without their place in a file`,
  );
}

function parseTimeline(filter: string, enable: SourceText): Expression {
  return parseExpression(enable, variableNames, { filter, option: 'enable' });
}
