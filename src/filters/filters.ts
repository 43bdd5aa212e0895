/** The table of DNN filters; mirrors the DNN part of libavfilter/allfilters.c. */
import { sourceError } from '../base/source-text.ts';
import { parseFilterOptions } from '../filtergraph/filter-options.ts';
import type { FilterNode } from '../filtergraph/filtergraph.ts';
import { dnnClassify } from './dnn-classify.ts';
import { dnnDetect } from './dnn-detect.ts';
import type { DnnFilter } from './dnn-filter.ts';
import { derain } from './derain.ts';
import { dnnProcessing } from './dnn-processing.ts';
import { drawbox } from './draw/drawbox.ts';
import { detectionSource, type DrawingFilter } from './draw/drawing-filter.ts';
import { drawtext } from './draw/drawtext.ts';
import { sr } from './sr.ts';

const dnnFilters: readonly DnnFilter[] = [derain, dnnClassify, dnnDetect, dnnProcessing, sr];

/** The names of FFmpeg's DNN filters. */
export const dnnFilterNames: readonly string[] = dnnFilters.map((filter) => filter.name);

/** The record of a filter that is built in. */
export function builtInFilter(name: string): DnnFilter | undefined {
  return dnnFilters.find((candidate) => candidate.name === name);
}

/** True for every DNN filter of FFmpeg: such a filter is never passed on to ffmpeg.wasm. */
export function isDnnFilter(name: string): boolean {
  return dnnFilterNames.includes(name);
}

/**
 * The record of a filter of the graph.
 *
 * @throws DnnError `EINVAL` for a name that is no DNN filter's, with the position
 */
export function findDnnFilter(node: FilterNode): DnnFilter {
  const name = node.name.text;
  const filter = builtInFilter(name);
  if (filter !== undefined) return filter;
  throw sourceError('EINVAL', `No such DNN filter: '${name}'`, node.name, 0, { filter: name });
}

const drawingFilters: readonly DrawingFilter[] = [drawbox, drawtext];

/**
 * The record of a filter that draws what was detected: drawbox with
 * `box_source=side_data_detection_bboxes`, drawtext with `text_source=side_data_detection_bboxes`.
 * Detections do not cross the pipe to ffmpeg.wasm, so such a filter runs on this side. Any other drawbox
 * or drawtext, also one that ffmpeg will refuse, stays ffmpeg's: undefined.
 */
export function findDrawingFilter(node: FilterNode): DrawingFilter | undefined {
  const filter = drawingFilters.find(({ name }) => name === node.name.text);
  if (filter === undefined || node.args === undefined) return undefined;
  const sources = parseFilterOptions(node.args).filter(({ key }) => key?.text === filter.sourceOption);
  return sources.at(-1)?.value.text === detectionSource ? filter : undefined;
}

/** True where {@link findDrawingFilter} finds a record. */
export function drawsDetections(node: FilterNode): boolean {
  return findDrawingFilter(node) !== undefined;
}
