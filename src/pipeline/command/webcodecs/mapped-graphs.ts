/** Which outputs get their video from a complex filtergraph. Pure. */
import { DnnError } from '../../../base/errors.ts';
import { filtersOf } from '../../../filtergraph/filtergraph.ts';
import { linkFilters } from '../../../filtergraph/link-filters.ts';
import { parseFiltergraph } from '../../../filtergraph/parse-filtergraph.ts';
import { givesOnlySound } from '../../../filtergraph/sound-filters.ts';
import type { Command, CommandOption, FileGroup } from '../command.ts';
import { filterTexts, isGraphOption, type PlanContext } from '../plan.ts';

/**
 * The option by which an output gets video of a complex graph: a `-map` of a link that does not carry sound
 * alone, or, where nothing is mapped but links, or nothing at all, the graph's own.
 *
 * @returns undefined where its video comes from elsewhere.
 * @throws DnnError `ENOENT` where the file of a `-filter_complex_script` is missing.
 */
export function graphOfVideo(
  command: Command,
  output: FileGroup,
  context: PlanContext,
): CommandOption | undefined {
  const graph = command.global.find(isGraphOption);
  const maps = output.options.filter(({ name }) => name === 'map');
  if (maps.length === 0) return graph;
  const sounds = soundLinks(command, context);
  return maps.find(({ value }) => value.startsWith('[') && !sounds.has(value.replace(/^\[|\].*$/g, '')));
}

/** Names of the open outputs of all graphs that carry sound. */
function soundLinks(command: Command, context: PlanContext): ReadonlySet<string> {
  const texts = filterTexts({ ...command, outputs: [] }, context);
  return new Set(texts.flatMap(soundsOf));
}

function soundsOf(text: string): string[] {
  try {
    const graph = parseFiltergraph(text);
    const nodes = filtersOf(graph);
    return linkFilters(graph).openOutputs.flatMap(({ filter, label }) =>
      givesOnlySound(nodes[filter]!) ? [label.name] : [],
    );
  } catch (error) {
    // What does not parse is ffmpeg's to complain about.
    if (error instanceof DnnError) return [];
    throw error;
  }
}
