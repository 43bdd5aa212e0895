/** The DNN filters of one complex graph, and what they need of each other. Pure. */
import { sourceError, sourceText } from '../../base/source-text.ts';
import { filtersOf, type Filtergraph, type FilterNode } from '../../filtergraph/filtergraph.ts';
import { outputMedia } from '../../filtergraph/filter-pads.ts';
import { linkFilters, type FilterLinks } from '../../filtergraph/link-filters.ts';
import { checkPads } from '../../filtergraph/order-pieces.ts';
import { parseFiltergraph } from '../../filtergraph/parse-filtergraph.ts';
import type { CommandOption } from './command.ts';
import { filterUse, hasOwnFilter, type DnnFilterUse } from './plan-filterchain.ts';

/** A `-filter_complex`, `-lavfi` or `-filter_complex_script`. */
export interface GraphPlan {
  readonly option: CommandOption;
  readonly text: string;
  /** Absent where the text does not parse, which ffmpeg will say: then it has no DNN filter. */
  readonly parsed?: ParsedGraph;
  /** The DNN filters, each behind those whose frames it needs. */
  readonly filters: readonly DnnFilterUse[];
  /** Index of the first of them; the others follow. */
  readonly firstLocalIndex: number;
  /** Indices behind which another DNN filter stands. */
  readonly upstream: ReadonlySet<number>;
}

/** Filters are named by their index in `filtersOf(graph)`. */
export interface ParsedGraph {
  readonly graph: Filtergraph;
  readonly nodes: readonly FilterNode[];
  readonly links: FilterLinks;
  /** Indices of the DNN filters. */
  readonly localIndices: ReadonlyMap<number, number>;
}

/**
 * Finds and orders the DNN filters.
 *
 * @throws DnnError `EINVAL`, with the position, for a text that does not parse but speaks of a DNN filter,
 *   for a DNN filter with more than one input or output, and for one whose input depends on its own output
 */
export function planGraph(
  option: CommandOption,
  text: string,
  firstLocalIndex: number,
  isOwnFilter: (node: FilterNode) => boolean,
): GraphPlan {
  if (!hasOwnFilter(text, isOwnFilter)) {
    const parsed = parsedOrNot(text);
    const none = { option, text, filters: [], firstLocalIndex, upstream: new Set<number>() };
    return parsed === undefined ? none : { ...none, parsed: { ...parsed, localIndices: new Map() } };
  }
  const graph = parseFiltergraph(text);
  const nodes = filtersOf(graph);
  const links = linkFilters(graph);
  const isOwn = nodes.map(isOwnFilter);
  checkPads(graph, links, isOwn);
  const order = ownInOrder(graph, links, isOwn);
  const localIndices = new Map(order.map((filter, index) => [filter, firstLocalIndex + index]));
  const upstream = new Set(
    order
      .filter((filter) => filtersBehind(links, filter).some((other) => localIndices.has(other)))
      .map((filter) => localIndices.get(filter)!),
  );
  const filters = order.map((filter) => filterUse(graph, nodes[filter]!));
  return { option, text, parsed: { graph, nodes, links, localIndices }, filters, firstLocalIndex, upstream };
}

function parsedOrNot(text: string): Omit<ParsedGraph, 'localIndices'> | undefined {
  try {
    const graph = parseFiltergraph(text);
    return { graph, nodes: filtersOf(graph), links: linkFilters(graph) };
  } catch {
    return undefined;
  }
}

/** Filters directly before another one. */
export function filtersBefore({ links }: FilterLinks, filter: number): number[] {
  return links.filter(({ to }) => to === filter).map(({ from }) => from);
}

/** Every filter that frames reach from `filter`, without itself unless in a circle. */
function filtersBehind({ links }: FilterLinks, filter: number): number[] {
  const found = new Set<number>();
  const visit = (from: number): void => {
    for (const link of links) {
      if (link.from !== from || found.has(link.to)) continue;
      found.add(link.to);
      visit(link.to);
    }
  };
  visit(filter);
  return [...found];
}

/** The DNN filters, each behind those that it depends on, else in the order of the text. */
function ownInOrder(graph: Filtergraph, links: FilterLinks, isOwn: readonly boolean[]): number[] {
  const order: number[] = [];
  const state = new Map<number, 'open' | 'done'>();
  const visit = (filter: number): void => {
    if (state.get(filter) === 'done') return;
    if (state.get(filter) === 'open') {
      const node = filtersOf(graph)[filter]!;
      throw sourceError(
        'EINVAL',
        `${node.name.text} would get its own output as input: link it to a filter before it`,
        sourceText(graph.text),
        node.start,
        { filter: node.name.text },
      );
    }
    state.set(filter, 'open');
    for (const before of filtersBefore(links, filter)) visit(before);
    state.set(filter, 'done');
    if (isOwn[filter] === true) order.push(filter);
  };
  isOwn.forEach((own, filter) => {
    if (own) visit(filter);
  });
  return order;
}

/** A part of the graph: the filters that stay, and the DNN filters whose frames come in from elsewhere. */
export interface GraphPart {
  readonly kept: ReadonlySet<number>;
  readonly sources: ReadonlySet<number>;
}

/**
 * What stands before a filter: its ancestors up to the DNN filters whose frames they get.
 *
 * @param passesDnn whether DNN filters are ancestors like others
 */
export function partBefore(parsed: ParsedGraph, filter: number, passesDnn = false): GraphPart {
  return collect(parsed, filtersBefore(parsed.links, filter), passesDnn);
}

/**
 * What stands behind the last DNN filters, or beside them: everything that the
 * graph's own outputs and sinks need.
 */
export function partBehind(parsed: ParsedGraph): GraphPart {
  const ends = parsed.nodes.flatMap((node, filter) => {
    const isOpen = parsed.links.openOutputs.some((open) => open.filter === filter);
    return isOpen || isLastOfItsChain(parsed, filter, node) ? [filter] : [];
  });
  return collect(parsed, ends, false);
}

function collect(
  { links, localIndices }: ParsedGraph,
  ends: readonly number[],
  passesDnn: boolean,
): GraphPart {
  const kept = new Set<number>();
  const sources = new Set<number>();
  const visit = (filter: number): void => {
    if (kept.has(filter) || sources.has(filter)) return;
    if (localIndices.has(filter) && !passesDnn) {
      sources.add(filter);
      return;
    }
    kept.add(filter);
    for (const before of filtersBefore(links, filter)) visit(before);
  };
  for (const end of ends) visit(end);
  return { kept, sources };
}

/** Whether a filter has an output without label and comma, which is an output of the graph, or is a sink. */
function isLastOfItsChain({ graph, nodes }: ParsedGraph, filter: number, node: FilterNode): boolean {
  if (!graph.chains.some(({ filters }) => filters.at(-1) === nodes[filter])) return false;
  return node.outputs.length === 0 || outputMedia(node).length > node.outputs.length;
}
