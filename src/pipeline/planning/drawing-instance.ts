/** A filter of the command that draws what was detected. */
import type { Logger } from '../../base/log.ts';
import { findDrawingFilter } from '../../filters/filters.ts';
import type { FilterNode } from '../../filtergraph/filtergraph.ts';
import type { Frame } from '../../frame/frame.ts';
import type { LocalFilter } from './local-filter.ts';

/** Detections do not cross the pipe to ffmpeg.wasm, so what draws them stands on this side too. */
export interface DrawingInstance extends LocalFilter {
  /** Draws the frame's detections into it. */
  readonly draw: (frame: Frame) => void;
}

/** @param node of a filter that draws detections. @throws DnnError with the position in the filter string */
export function parseDrawingFilter(text: string, node: FilterNode, log: Logger): DrawingInstance {
  const filter = findDrawingFilter(node)!;
  const { pixelFormats } = filter;
  return {
    text,
    pixelFormats,
    detects: false,
    takes: (format) => pixelFormats.includes(format),
    linkBehind: (link) => link,
    draw: filter.parse(node, log),
  };
}
