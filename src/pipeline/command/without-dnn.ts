/** A command as stock ffmpeg can run it where no pixel depends on its DNN filters. Pure. */
import { replaceFilters } from '../../filtergraph/filtergraph.ts';
import { parseCommand } from './command.ts';
import { replaceDnnFilters } from './plan-filterchain.ts';
import type { Plan } from './plan.ts';
import { withStandIns } from './webcodecs/stand-in-encoder.ts';

/**
 * The user's words with every DNN filter replaced by ffmpeg's `null`, and every encoder of the browser by
 * one of ffmpeg, which gets no frame either.
 */
export function withoutDnn({ command, chains, graphs }: Plan, args: readonly string[]): readonly string[] {
  const words = [...args];
  for (const { filterOption, filterText, filterSpecifier, chain } of chains) {
    // An option without a place is none of the user's.
    if (filterOption.position < 0) continue;
    const text = replaceDnnFilters(filterText, chain.dnnFilters, () => 'null');
    words.splice(filterOption.position, 2, `-filter:${filterSpecifier}`, text);
  }
  for (const { option, parsed } of graphs) {
    if (parsed === undefined) continue;
    const text = replaceFilters(parsed.graph, (_, filter) =>
      parsed.localIndices.has(filter) ? 'null' : undefined,
    );
    words.splice(option.position, 2, '-filter_complex', text);
  }
  return parseCommand(withStandIns(words, command)).argv;
}
