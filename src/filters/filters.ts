/** The table of DNN filters; mirrors the DNN part of libavfilter/allfilters.c. */
import { sourceError } from '../base/source-text.ts';
import type { FilterNode } from '../filtergraph/filtergraph.ts';
import type { DnnFilter } from './dnn-filter.ts';
import { derain } from './derain.ts';
import { dnnProcessing } from './dnn-processing.ts';
import { sr } from './sr.ts';

const dnnFilters: readonly DnnFilter[] = [derain, dnnProcessing, sr];

/** FFmpeg's DNN filters that are not built in yet, and what to write instead. */
const unavailableFilters: ReadonlyMap<string, string> = new Map([
  ['dnn_detect', 'this version has dnn_processing only'],
  ['dnn_classify', 'this version has dnn_processing only'],
]);

/** The names of all of FFmpeg's DNN filters, whether built in or refused. */
export const dnnFilterNames: readonly string[] = [
  ...dnnFilters.map((filter) => filter.name),
  ...unavailableFilters.keys(),
];

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
 * @throws DnnError `ENOSYS` for a DNN filter that is not built in, `EINVAL` for any other name; with the position
 */
export function findDnnFilter(node: FilterNode): DnnFilter {
  const name = node.name.text;
  const filter = builtInFilter(name);
  if (filter !== undefined) return filter;
  const instead = unavailableFilters.get(name);
  throw instead === undefined
    ? sourceError('EINVAL', `No such DNN filter: '${name}'`, node.name, 0, { filter: name })
    : sourceError('ENOSYS', `Filter ${name} is not available yet: ${instead}`, node.name, 0, {
        filter: name,
      });
}
