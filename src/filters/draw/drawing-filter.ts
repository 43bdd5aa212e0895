/**
 * What a filter is that draws the detections of a frame: a constant record, as
 * DnnFilter is for the DNN filters.
 */
import type { Logger } from '../../base/log.ts';
import type { OptionTable } from '../../base/option-table.ts';
import type { FilterNode } from '../../filtergraph/filtergraph.ts';
import type { Frame } from '../../frame/frame.ts';
import type { PixelFormat } from '../../frame/pixel-format.ts';

export interface DrawingFilter {
  readonly name: string;
  readonly description: string;
  readonly options: OptionTable;
  /**
   * The option whose value {@link detectionSource} makes the filter draw detections;
   * with any other it is ffmpeg's.
   */
  readonly sourceOption: string;
  /** The formats that the filter takes; ffmpeg converts anything else before it. */
  readonly pixelFormats: readonly PixelFormat[];
  /**
   * Reads the filter's options.
   *
   * @returns a function that draws `frame.detections` into a frame that the caller owns,
   * and nothing where there are none
   * @throws DnnError with the position in the filter string
   */
  parse(node: FilterNode, log: Logger): (frame: Frame) => void;
}

/** FFmpeg's name of the side data, as value of `box_source` and `text_source`. */
export const detectionSource = 'side_data_detection_bboxes';
