/** Refuses names that are nearly those of FFmpeg's DNN filters: ffmpeg.wasm could not say what was meant. */
import { nearestNames } from '../../base/option-table-values.ts';
import { sourceError } from '../../base/source-text.ts';
import { dnnFilterNames, isDnnFilter } from '../../filters/filters.ts';
import { filtersOf, type FilterNode } from '../../filtergraph/filtergraph.ts';
import { parseFiltergraph } from '../../filtergraph/parse-filtergraph.ts';

/** `sr` is left out: names of two letters are all near each other. No filter of ffmpeg is near the others. */
const longNames = dnnFilterNames.filter((name) => name.length > 2);

function nodesOf(text: string): readonly FilterNode[] {
  try {
    return filtersOf(parseFiltergraph(text));
  } catch {
    // What does not parse is complained of by whoever runs it.
    return [];
  }
}

/**
 * @param text of a chain or a graph.
 * @throws DnnError `EINVAL`, with the position, for a filter that nobody has and that looks like one of ours.
 */
export function refuseMisspelt(text: string): void {
  for (const { name } of nodesOf(text)) {
    if (isDnnFilter(name.text)) continue;
    const near = nearestNames(name.text, longNames);
    if (near.length === 0 && !name.text.startsWith('dnn_')) continue;
    const hint =
      near.length > 0
        ? `did you mean ${near.join(' or ')}?`
        : `the DNN filters are ${dnnFilterNames.join(', ')}`;
    throw sourceError('EINVAL', `No such filter: '${name.text}': ${hint}`, name, 0, { filter: name.text });
  }
}
