/** A filter of the command that runs on this side: a DNN filter with its model, or one that draws what was detected. */
import type { Logger } from '../../base/log.ts';
import type { DrawingFilter } from '../../filters/draw/drawing-filter.ts';
import type { VideoLink } from '../../filters/dnn-filter.ts';
import { drawsDetections, findDrawingFilter, isDnnFilter } from '../../filters/filters.ts';
import type { FilterNode } from '../../filtergraph/filtergraph.ts';
import type { Frame } from '../../frame/frame.ts';
import { configureLinks, type DnnInstance } from '../instance/dnn-instance.ts';

/** Detections do not cross the pipe to ffmpeg.wasm, so what draws them stands on this side too. */
export interface DrawingInstance {
  /** The filter as the user wrote it. */
  readonly text: string;
  readonly filter: DrawingFilter;
  /** Draws the frame's detections into it. */
  readonly draw: (frame: Frame) => void;
}

export type OwnFilter = DnnInstance | DrawingInstance;

/** Whether a filter of a graph runs here rather than in ffmpeg. */
export function isOwnFilter(node: FilterNode): boolean {
  return isDnnFilter(node.name.text) || drawsDetections(node);
}

/** @returns undefined for a filter that does not draw. @throws DnnError with the position in the filter string */
export function parseDrawingFilter(text: string, node: FilterNode, log: Logger): DrawingInstance | undefined {
  const filter = findDrawingFilter(node);
  return filter === undefined ? undefined : { text, filter, draw: filter.parse(node, log) };
}

/** Tells the filters that draw from those that have a model, or a model that is still to be loaded. */
export function isDrawing(filter: object): filter is DrawingInstance {
  return 'draw' in filter;
}

/** The link behind a filter for frames of this size. @throws DnnError `EIO` where its model cannot take them. */
export function linkBehind(filter: OwnFilter, link: VideoLink): VideoLink {
  return isDrawing(filter) ? link : configureLinks(filter, link).output;
}
