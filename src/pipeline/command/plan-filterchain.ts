/** The DNN filters of a filter string: which there are, and the text around them. */
import { DnnError } from '../../base/errors.ts';
import { sourceText } from '../../base/source-text.ts';
import {
  filterText,
  filtersOf,
  replaceFilters,
  type FilterNode,
  type Filtergraph,
} from '../../filtergraph/filtergraph.ts';
import { parseFiltergraph, parseSimpleFilterchain } from '../../filtergraph/parse-filtergraph.ts';
import { segmentText, splitAtFilters, type FfmpegSegment } from '../../filtergraph/split-at-filters.ts';

/** One DNN filter of the chain. */
export interface DnnFilterUse {
  readonly name: string;
  /** `name=args` as the user wrote it. */
  readonly text: string;
  /** Offset of the name in the filter string. */
  readonly position: number;
  /** The filter as it was parsed: its options keep their positions in the whole filter string. */
  readonly node: FilterNode;
}

/** A chain cut at its DNN filters. */
export interface CutFilterchain {
  /** `sws_flags=…` of the whole chain. */
  readonly swsFlags?: string;
  /**
   * ffmpeg's filters before, between and after the DNN filters, one more than
   * those; undefined where none stand.
   */
  readonly parts: readonly (FfmpegSegment | undefined)[];
  /** In the order in which a frame passes them. */
  readonly dnnFilters: readonly DnnFilterUse[];
}

/**
 * Whether a filter string has a filter that runs here. A text that does not parse has none, unless a word of
 * it is the name of such a filter.
 *
 * @throws DnnError `EINVAL` for a text that does not parse but speaks of a DNN filter
 */
export function hasOwnFilter(text: string, isOwnFilter: (node: FilterNode) => boolean): boolean {
  try {
    return filtersOf(parseFiltergraph(text)).some(isOwnFilter);
  } catch (error) {
    const words = text.split(/[^\w]+/).filter((word) => word !== '');
    // A broken text without a DNN filter is ffmpeg's to complain about.
    if (error instanceof DnnError && !words.some((word) => isOwnFilter(bareFilter(word)))) return false;
    throw error;
  }
}

/** A filter of which only the name is known. */
function bareFilter(name: string): FilterNode {
  const end = name.length;
  return { name: sourceText(name), inputs: [], outputs: [], start: 0, end, bodyStart: 0, bodyEnd: end };
}

/** A filter of a graph as the plan keeps it. */
export function filterUse(graph: Filtergraph, node: FilterNode): DnnFilterUse {
  return { name: node.name.text, text: filterText(graph, node), position: node.bodyStart, node };
}

/**
 * Cuts the value of `-vf` at its DNN filters.
 *
 * @throws DnnError as parseSimpleFilterchain and splitAtFilters do
 */
export function cutFilterchain(text: string, isOwnFilter: (node: FilterNode) => boolean): CutFilterchain {
  const graph = parseSimpleFilterchain(text);
  const parts: (FfmpegSegment | undefined)[] = [undefined];
  const dnnFilters: DnnFilterUse[] = [];
  for (const segment of splitAtFilters(graph, isOwnFilter)) {
    if (segment.kind === 'ffmpeg') {
      parts[parts.length - 1] = segment;
      continue;
    }
    dnnFilters.push(filterUse(graph, segment.node));
    parts.push(undefined);
  }
  return { ...(graph.swsFlags === undefined ? {} : { swsFlags: graph.swsFlags }), parts, dnnFilters };
}

/**
 * The filter string of the part at an index, with filters of the caller (joined
 * by commas, or empty) around it.
 */
export function partText(chain: CutFilterchain, index: number, before: string, after: string): string {
  const segment = chain.parts[index];
  if (segment !== undefined) return segmentText(segment, before, after);
  const filters = [before, after].filter((text) => text !== '').join(',');
  return chain.swsFlags === undefined ? filters : `${chain.swsFlags};${filters}`;
}

/** The same part as the user wrote it; empty where no filter stands. */
export function partOf({ parts }: CutFilterchain, index: number): string {
  const segment = parts[index];
  return segment === undefined ? '' : segmentText(segment);
}

/**
 * The chain with each DNN filter replaced.
 *
 * @param replacement gives the filters for the DNN filter that frames pass at this index (0, 1, …)
 */
export function replaceDnnFilters(
  text: string,
  dnnFilters: readonly DnnFilterUse[],
  replacement: (index: number) => string,
): string {
  return replaceFilters(parseFiltergraph(text), (node) => {
    const index = dnnFilters.findIndex((use) => use.position === node.bodyStart);
    return index < 0 ? undefined : replacement(index);
  });
}
