/** The DNN filters of a filter string: which there are, and the text around them. */
import { DnnError } from '../base/errors.ts';
import { filterText, filtersOf, replaceFilters, type FilterNode } from '../filtergraph/filtergraph.ts';
import { parseFiltergraph, parseSimpleFilterchain } from '../filtergraph/parse-filtergraph.ts';
import { segmentText, splitAtFilters, type FfmpegSegment } from '../filtergraph/split-at-filters.ts';

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
  /** ffmpeg's filters before, between and after the DNN filters, one more than those; undefined where none stand. */
  readonly parts: readonly (FfmpegSegment | undefined)[];
  /** In the order in which a frame passes them. */
  readonly dnnFilters: readonly DnnFilterUse[];
}

/**
 * Names of the DNN filters in a filter string. A text that does not parse has none, unless it holds such a name.
 *
 * @throws DnnError `EINVAL` for a text that does not parse but speaks of a DNN filter
 */
export function filterNamesIn(text: string, dnnFilterNames: ReadonlySet<string>): string[] {
  try {
    return filtersOf(parseFiltergraph(text))
      .map((node) => node.name.text)
      .filter((name) => dnnFilterNames.has(name));
  } catch (error) {
    const words = text.split(/[^\w]+/);
    // A broken text without a DNN filter is ffmpeg's to complain about.
    if (error instanceof DnnError && !words.some((word) => dnnFilterNames.has(word))) return [];
    throw error;
  }
}

/**
 * Cuts the value of `-vf` at its DNN filters.
 *
 * @throws DnnError as parseSimpleFilterchain and splitAtFilters do
 */
export function cutFilterchain(text: string, dnnFilterNames: ReadonlySet<string>): CutFilterchain {
  const graph = parseSimpleFilterchain(text);
  const parts: (FfmpegSegment | undefined)[] = [undefined];
  const dnnFilters: DnnFilterUse[] = [];
  for (const segment of splitAtFilters(graph, (name) => dnnFilterNames.has(name))) {
    if (segment.kind === 'ffmpeg') {
      parts[parts.length - 1] = segment;
      continue;
    }
    const { node } = segment;
    dnnFilters.push({
      name: node.name.text,
      text: filterText(graph, node),
      position: node.bodyStart,
      node,
    });
    parts.push(undefined);
  }
  return { ...(graph.swsFlags === undefined ? {} : { swsFlags: graph.swsFlags }), parts, dnnFilters };
}

/** The filter string of the part at a place, with filters of the caller (joined by commas, or empty) around it. */
export function partText(chain: CutFilterchain, place: number, before: string, after: string): string {
  const segment = chain.parts[place];
  if (segment !== undefined) return segmentText(segment, before, after);
  const filters = [before, after].filter((text) => text !== '').join(',');
  return chain.swsFlags === undefined ? filters : `${chain.swsFlags};${filters}`;
}

/**
 * The chain with each DNN filter replaced.
 *
 * @param replacement gives the filters for the DNN filter that frames pass at this place (0, 1, …)
 */
export function replaceDnnFilters(
  text: string,
  dnnFilters: readonly DnnFilterUse[],
  replacement: (place: number) => string,
): string {
  return replaceFilters(parseFiltergraph(text), (node) => {
    const place = dnnFilters.findIndex((use) => use.position === node.bodyStart);
    return place < 0 ? undefined : replacement(place);
  });
}
