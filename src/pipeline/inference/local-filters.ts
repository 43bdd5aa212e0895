/** The kinds of filters of a command that run on this side. */
import type { Logger } from '../../base/log.ts';
import type { FilterNode } from '../../filtergraph/filtergraph.ts';
import { dnnFilterKind } from './dnn-job-filter.ts';
import { drawFilterKind } from './draw-filter.ts';
import type { ParsedJobFilter } from './job-filter.ts';
import { passFilterKind } from './pass-filter.ts';

const kinds = [dnnFilterKind, drawFilterKind, passFilterKind];

/** Whether a filter of a graph runs here rather than in ffmpeg. */
export function isLocalFilter(node: FilterNode): boolean {
  return kinds.some((kind) => kind.recognises(node));
}

/** @param node of a local filter. @throws DnnError with the position in the filter string */
export function parseLocalFilter(text: string, node: FilterNode, log: Logger): ParsedJobFilter {
  const kind = kinds.find((candidate) => candidate.recognises(node))!;
  return kind.parse(text, node, log);
}
