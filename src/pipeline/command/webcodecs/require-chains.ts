/** Refuses outputs whose video an encoder of the browser cannot get at. Pure. */
import { DnnError } from '../../../base/errors.ts';
import type { Command, FileGroup } from '../command.ts';
import type { PlanContext, PlanResult } from '../plan.ts';
import { videoCodecs } from '../video-codecs.ts';
import { browserEncoder } from './browser-encoder.ts';
import { graphOfVideo } from './mapped-graphs.ts';

/**
 * @throws DnnError `ENOSYS` for an output with such an encoder whose video comes from a complex graph, is
 *   copied in part, or comes from a chain that does not end in one link; with what to write.
 */
export function requireChains(planned: PlanResult, command: Command, context: PlanContext): void {
  if (command.printsOnly) return;
  const chains = planned.kind === 'dnn' ? planned.plan.chains : [];
  for (const [index, output] of command.outputs.entries()) {
    const encoder = browserEncoder(output);
    if (encoder === undefined || chains.some(({ outputIndex }) => outputIndex === index)) continue;
    const { name, words, position } = encoder.option;
    throw new DnnError(
      'ENOSYS',
      `${words.join(' ')} (word ${position + 1} of the command line): the browser encodes one video of an output, ` +
        `behind its -vf, and ${obstacle(command, output, context)}.`,
      { option: name, position, path: output.url },
    );
  }
}

/** What is in the way, and what to write, as a clause. */
function obstacle(command: Command, output: FileGroup, context: PlanContext): string {
  const { url } = output;
  const copied = videoCodecs(output).find(({ value }) => value === 'copy');
  if (copied !== undefined)
    return `${copied.words.join(' ')} copies another video into ${url}: write that one into a file of its own`;
  const graph = graphOfVideo(command, output, context);
  if (graph === undefined)
    return `the filters of ${url} do not end in one video: let them, or name an encoder of ffmpeg`;
  const words = graph.name === 'map' ? graph.words.join(' ') : `-${graph.name}`;
  return (
    `that of ${url} comes from a complex filtergraph (${words}): put the filters into -vf (further inputs by ` +
    'movie=), or name an encoder of ffmpeg'
  );
}
