/**
 * A filter of the command that runs on this side, as planning sees it: each kind of
 * filter has its own implementation.
 */
import type { Logger } from '../../base/log.ts';
import type { VideoLink } from '../../filters/dnn-filter.ts';
import type { FilterNode } from '../../filtergraph/filtergraph.ts';
import type { PixelFormat } from '../../frame/pixel-format.ts';

/** A filter whose options are read, and whose model, if it has one, is loaded. */
export interface LocalFilter {
  /** The filter as the user wrote it. */
  readonly text: string;
  /** The formats that the filter takes; ffmpeg converts anything else before it. Empty where it takes all. */
  readonly pixelFormats: readonly PixelFormat[];
  /** Whether it adds to the detections of a frame. */
  readonly detects: boolean;
  /** Set where the command does not depend on it, so that it may get no frame. */
  readonly mayStarve?: true;
  /** Whether it takes frames of this format, by its own list and by the channels that its model has. */
  takes(format: PixelFormat): boolean;
  /**
   * The link behind the filter for frames of this size.
   * @throws DnnError `EIO` where its model cannot take them.
   */
  linkBehind(link: VideoLink): VideoLink;
}

/** One kind of such filters, for those who run them: `Parsed` is what they make of a filter's options. */
export interface LocalFilterKind<Parsed> {
  /** Whether a filter of a graph is of this kind, and runs here rather than in ffmpeg. */
  recognises(node: FilterNode): boolean;
  /** @param text the filter as the user wrote it. @throws DnnError with the position in the filter string */
  parse(text: string, node: FilterNode, log: Logger): Parsed;
}
