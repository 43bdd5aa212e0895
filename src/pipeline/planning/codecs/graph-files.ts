/** Which inputs complex filtergraphs without filters of this project read, by their labels. Pure. */
import { DnnError } from '../../../base/errors.ts';
import { filtersOf, type Filtergraph } from '../../../filtergraph/filtergraph.ts';
import { linkFilters } from '../../../filtergraph/link-filters.ts';
import { parseFiltergraph } from '../../../filtergraph/parse-filtergraph.ts';
import { givesOnlySound } from '../../../filtergraph/sound-filters.ts';

/**
 * Numbers of the inputs whose video a graph names, as `[0:v]` does, in their order. An input that ffmpeg
 * chooses itself, for a pad without a label, is not among them; nor is any of a text that does not parse.
 *
 * @param texts of all graphs.
 */
export function graphFiles(texts: readonly string[]): number[] {
  const files = texts.flatMap((text) => {
    const graph = parsedOrNot(text);
    return graph === undefined ? [] : filesOf(graph);
  });
  return [...new Set(files)].toSorted((a, b) => a - b);
}

function filesOf(graph: Filtergraph): number[] {
  const nodes = filtersOf(graph);
  return linkFilters(graph).openInputs.flatMap(({ filter, label }) => {
    const file = /^(\d+)(?::[vV0-9].*)?$/.exec(label.name)?.[1];
    return file !== undefined && !givesOnlySound(nodes[filter]!) ? [Number(file)] : [];
  });
}

function parsedOrNot(text: string): Filtergraph | undefined {
  try {
    return parseFiltergraph(text);
  } catch (error) {
    // What does not parse is ffmpeg's to complain about.
    if (error instanceof DnnError) return undefined;
    throw error;
  }
}
