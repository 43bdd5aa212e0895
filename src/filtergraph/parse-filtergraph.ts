/** FFmpeg's filtergraph grammar; mirrors libavfilter/graphparser.c · avfilter_graph_parse2 of FFmpeg 5.1. */
import { sourceError, sourceText, type SourceText } from '../base/source-text.ts';
import type { FilterChain, Filtergraph, FilterNode, LinkLabel } from './filtergraph.ts';
import { checkSimpleFiltergraph, linkFilters } from './link-filters.ts';
import { getToken, skipWhitespace } from './token.ts';

/** FFmpeg looks for `@` in the first 29 bytes of a filter's name only (graphparser.c · create_filter). */
const instanceNameLimit = 29;

/**
 * Reads a filter string. Filters are taken by any name: whether one exists is for ffmpeg, or
 * the table of DNN filters, to say.
 *
 * @throws DnnError `EINVAL` with the position in the text
 */
export function parseFiltergraph(text: string): Filtergraph {
  const source = sourceText(text);
  const start = skipWhitespace(text, 0);
  const swsFlags = readSwsFlags(source, start);
  let position = swsFlags === undefined ? start : start + swsFlags.length + 1;
  const chains: FilterChain[] = [];
  let filters: FilterNode[] = [];
  for (;;) {
    const node = readFilter(source, skipWhitespace(text, position));
    filters.push(node);
    position = skipWhitespace(text, node.end);
    const separator = text.charAt(position);
    position++;
    if (separator === ',') continue;
    chains.push({ filters });
    filters = [];
    if (separator === '') break;
    if (separator !== ';') {
      throw sourceError(
        'EINVAL',
        `Unable to parse the filtergraph at '${separator}': a filter is followed by ',' or ';', or by a [label]`,
        source,
        position - 1,
      );
    }
  }
  return swsFlags === undefined ? { text, chains } : { text, swsFlags, chains };
}

function readSwsFlags(source: SourceText, start: number): string | undefined {
  if (!source.text.startsWith('sws_flags=', start)) return undefined;
  const end = source.text.indexOf(';', start);
  if (end >= 0) return source.text.slice(start, end);
  throw sourceError('EINVAL', "sws_flags not terminated with ';': write sws_flags=…;filters", source, start);
}

function readFilter(source: SourceText, start: number): FilterNode {
  const inputs = readLabels(source, start);
  const bodyStart = skipWhitespace(source.text, inputs.at(-1)?.end ?? start);
  const word = getToken(source, bodyStart, '=,;[');
  if (word.value.text === '') {
    throw sourceError(
      'EINVAL',
      `No such filter: '': a filter's name is expected here`,
      source,
      Math.min(bodyStart, source.text.length),
    );
  }
  const args = source.text.charAt(word.end) === '=' ? getToken(source, word.end + 1, '[],;') : undefined;
  const bodyEnd = args?.end ?? word.end;
  const outputs = readLabels(source, bodyEnd);
  return {
    ...splitInstance(word.value),
    ...(args === undefined ? {} : { args: args.value }),
    inputs,
    outputs,
    start,
    end: outputs.at(-1)?.end ?? bodyEnd,
    bodyStart,
    bodyEnd,
  };
}

/** `scale@big` is filter `scale`; an `@` with nothing behind it belongs to the name. */
function splitInstance(word: SourceText): Pick<FilterNode, 'name' | 'instance'> {
  const at = word.text.slice(0, instanceNameLimit).indexOf('@');
  if (at < 0 || at + 1 >= word.text.length) return { name: word };
  return { name: { ...word, text: word.text.slice(0, at) }, instance: word.text.slice(at + 1) };
}

function readLabels(source: SourceText, start: number): LinkLabel[] {
  const labels: LinkLabel[] = [];
  let position = start;
  while (source.text.charAt(position) === '[') {
    const token = getToken(source, position + 1, ']');
    if (token.value.text === '') {
      throw sourceError('EINVAL', 'Bad (empty?) label: write a name between [ and ]', source, position);
    }
    if (source.text.charAt(token.end) !== ']') {
      throw sourceError('EINVAL', "Mismatched '[': the label has no closing ]", source, position);
    }
    labels.push({ name: token.value.text, start: position, end: token.end + 1 });
    position = skipWhitespace(source.text, token.end + 1);
  }
  return labels;
}

/**
 * Reads the value of `-vf`: a graph with one open input and one open output, whatever their labels.
 *
 * @throws DnnError `EINVAL` with the position, for a text that is no filtergraph and for a second label that
 *   no other filter of the graph is linked to
 */
export function parseSimpleFilterchain(text: string): Filtergraph {
  const graph = parseFiltergraph(text);
  checkSimpleFiltergraph(graph, linkFilters(graph));
  return graph;
}
