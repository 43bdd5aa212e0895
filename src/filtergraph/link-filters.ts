/**
 * Which filter of a graph feeds which; mirrors libavfilter/graphparser.c · link_filter_inouts, parse_outputs.
 */
import { sourceError, sourceText } from '../base/source-text.ts';
import { filtersOf, type Filtergraph, type LinkLabel } from './filtergraph.ts';

/** Filters are named by their index in `filtersOf(graph)`. */
export interface FilterLink {
  readonly from: number;
  readonly to: number;
  /** `,` joins neighbours in a chain, a label joins any two. */
  readonly by: 'comma' | 'label';
}

/** A label without a partner: where the graph as a whole takes its input or gives its output. */
export interface OpenLabel {
  readonly filter: number;
  readonly label: LinkLabel;
}

export interface FilterLinks {
  readonly links: readonly FilterLink[];
  readonly openInputs: readonly OpenLabel[];
  readonly openOutputs: readonly OpenLabel[];
}

/**
 * Resolves commas and labels. Pads are not counted: ffmpeg knows how many a filter has, this module does not.
 */
export function linkFilters(graph: Filtergraph): FilterLinks {
  const filters = filtersOf(graph);
  const produced = filters.flatMap((node, filter) => node.outputs.map((label) => ({ filter, label })));
  const consumed = filters.flatMap((node, filter) => node.inputs.map((label) => ({ filter, label })));
  const producers = groupByName(produced);
  const consumers = groupByName(consumed);
  const links: FilterLink[] = [];
  for (const { filter: to, label } of consumed) {
    for (const { filter: from } of producers.get(label.name) ?? []) links.push({ from, to, by: 'label' });
  }
  let first = 0;
  for (const chain of graph.chains) {
    for (let to = first + 1; to < first + chain.filters.length; to++) {
      links.push({ from: to - 1, to, by: 'comma' });
    }
    first += chain.filters.length;
  }
  return {
    links,
    openInputs: consumed.filter(({ label }) => !producers.has(label.name)),
    openOutputs: produced.filter(({ label }) => !consumers.has(label.name)),
  };
}

function groupByName(labels: readonly OpenLabel[]): Map<string, OpenLabel[]> {
  const groups = new Map<string, OpenLabel[]>();
  for (const entry of labels) {
    const group = groups.get(entry.label.name);
    if (group === undefined) groups.set(entry.label.name, [entry]);
    else group.push(entry);
  }
  return groups;
}

/**
 * Refuses a graph that cannot be a value of `-vf`: it has exactly one open input and one open output.
 *
 * @throws DnnError `EINVAL` with the position of the second open label
 */
export function checkSimpleFiltergraph(graph: Filtergraph, { openInputs, openOutputs }: FilterLinks): void {
  for (const [kind, open] of [
    ['input', openInputs],
    ['output', openOutputs],
  ] as const) {
    const second = open[1];
    if (second === undefined) continue;
    throw sourceError(
      'EINVAL',
      `A simple filtergraph has exactly 1 input and 1 output: [${second.label.name}] is a second ${kind}, since no other filter of the graph is linked to it`,
      sourceText(graph.text),
      second.label.start,
    );
  }
}
