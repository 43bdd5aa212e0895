/** Reads a filter chain as a job would, as far as that goes without ffmpeg and without models. */
import { DnnError } from '../base/errors.ts';
import { parseSimpleFilterchain } from '../filtergraph/parse-filtergraph.ts';
import { filtersOf } from '../filtergraph/filtergraph.ts';
import { builtInFilter } from '../filters/filters.ts';
import { parseOwnOptions } from '../filters/parse-own-options.ts';

/**
 * What is wrong with a chain: one line that says it, then the place with a caret under it. Undefined where
 * nothing is, as far as can be told before the job: ffmpeg checks its own filters' options then.
 */
export function filterProblem(text: string): string | undefined {
  if (text.trim() === '') return undefined;
  try {
    for (const node of filtersOf(parseSimpleFilterchain(text))) {
      const filter = builtInFilter(node.name.text);
      if (filter === undefined) continue;
      parseOwnOptions(filter.options, node, () => undefined, filter.supportsTimeline);
    }
    return undefined;
  } catch (error) {
    if (error instanceof DnnError) return error.message;
    throw error;
  }
}
