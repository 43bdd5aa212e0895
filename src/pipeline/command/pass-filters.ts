/**
 * Filters that change nothing, put into the chain of an output so that its frames come by this side:
 * there a decoder or an encoder of the browser stands in for ffmpeg's. FFmpeg's own `null`, with an instance
 * name that tells them from the user's. Pure.
 */
import { DnnError } from '../../base/errors.ts';
import { inputCount, outputMedia } from '../../filtergraph/filter-pads.ts';
import { filtersOf, type Filtergraph, type FilterNode } from '../../filtergraph/filtergraph.ts';
import { linkFilters } from '../../filtergraph/link-filters.ts';
import { parseFiltergraph } from '../../filtergraph/parse-filtergraph.ts';
import type { Command, CommandOption, FileGroup } from './command.ts';
import { chainInForce, type PlanContext } from './plan.ts';
import { videoCodecs } from './video-codecs.ts';
import { graphOfVideo } from './webcodecs/mapped-graphs.ts';

/** `head`: before the output's filters, for what is decoded; `tail`: behind them, for what is encoded. */
export type PassPlace = 'head' | 'tail';

const instances: Readonly<Record<PassPlace, string>> = { head: 'decoded', tail: 'encoded' };

/** The place of such a filter; undefined for every other filter. */
export function passPlace({ name, instance, args }: FilterNode): PassPlace | undefined {
  if (name.text !== 'null' || args !== undefined) return undefined;
  return instance === instances.head ? 'head' : instance === instances.tail ? 'tail' : undefined;
}

/**
 * The command with such a filter in the chains of some outputs: for the first video stream of each. Left as
 * they are: outputs whose chain has a filter of this project or does not parse, whose video is copied or
 * comes from a complex graph, and those without video.
 *
 * @param placeOf where an output is to have it; undefined for nowhere.
 * @throws DnnError `ENOENT` where the file of a `-filter_script` or `-filter_complex_script` is missing.
 */
export function withPassFilters(
  command: Command,
  context: PlanContext,
  placeOf: (output: FileGroup) => PassPlace | undefined,
): Command {
  if (command.printsOnly) return command;
  const outputs = command.outputs.map((output) => {
    const place = placeOf(output);
    if (place === undefined || !hasChain(command, output, context)) return output;
    return withPassFilter(output, context, place);
  });
  return { ...command, outputs };
}

/** Whether ffmpeg gives the output's first video stream a chain of its own. */
function hasChain(command: Command, output: FileGroup, context: PlanContext): boolean {
  const isOff = output.options.findLast(({ name }) => name === 'vn')?.value === '1';
  const isCopied = videoCodecs(output).some(({ value }) => value === 'copy');
  return !isOff && !isCopied && graphOfVideo(command, output, context) === undefined;
}

function withPassFilter(output: FileGroup, context: PlanContext, place: PassPlace): FileGroup {
  const pass = `null@${instances[place]}`;
  const chain = chainInForce(output, context);
  if (chain === undefined) return { ...output, options: [...output.options, chainOption('v:0', pass, -1)] };
  const text = chain.hasOwnFilter ? undefined : withFilterAt(chain.text, pass, place);
  if (text === undefined) return output;
  const { option, specifier } = chain;
  const changed = chainOption(specifier, text, option.position);
  return { ...output, options: output.options.map((other) => (other === option ? changed : other)) };
}

function chainOption(specifier: string, value: string, position: number): CommandOption {
  const words = [specifier === '' ? '-filter' : `-filter:${specifier}`, value];
  return { name: 'filter', specifier, value, words, position };
}

/**
 * A chain with one filter more at one of its ends; undefined where that end is not a single pad of one
 * filter, or the text does not parse.
 */
export function withFilterAt(text: string, filter: string, place: PassPlace): string | undefined {
  const graph = parsedOrNot(text);
  const end = graph && (place === 'head' ? entryOf(graph) : exitOf(graph));
  if (end === undefined) return undefined;
  return place === 'head'
    ? `${text.slice(0, end.bodyStart)}${filter},${text.slice(end.bodyStart)}`
    : `${text.slice(0, end.bodyEnd)},${filter}${text.slice(end.bodyEnd)}`;
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

function entryOf(graph: Filtergraph): FilterNode | undefined {
  const { openInputs } = linkFilters(graph);
  const heads = graph.chains.map(({ filters }) => filters[0]!).filter(({ inputs }) => inputs.length === 0);
  const ends = [...openInputs.map(({ filter }) => filtersOf(graph)[filter]!), ...heads];
  const [entry] = ends;
  if (entry === undefined || ends.length > 1 || inputCount(entry) !== 1) return undefined;
  return entry.inputs.length <= 1 ? entry : undefined;
}

function exitOf(graph: Filtergraph): FilterNode | undefined {
  const { openOutputs } = linkFilters(graph);
  const tails = graph.chains
    .map(({ filters }) => filters.at(-1)!)
    .filter(({ outputs }) => outputs.length === 0);
  const ends = [...openOutputs.map(({ filter }) => filtersOf(graph)[filter]!), ...tails];
  const [exit] = ends;
  return exit !== undefined && ends.length === 1 && outputMedia(exit).length === 1 ? exit : undefined;
}
