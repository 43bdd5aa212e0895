/** A filter string as a typed tree that keeps the user's own words; mirrors libavfilter/graphparser.h. */
import type { SourceText } from '../base/source-text.ts';

/** `[name]` before or behind a filter. */
export interface LinkLabel {
  /** Without brackets and quoting. */
  readonly name: string;
  /** Offsets of `[` and of what follows `]`. */
  readonly start: number;
  readonly end: number;
}

/** One filter with its labels, from `start` to `end` of the graph's text. */
export interface FilterNode {
  /** The filter's name, without `@instance` and quoting. */
  readonly name: SourceText;
  /** What stands behind `@` in the name. */
  readonly instance?: string;
  /** What stands behind `=`, with the filtergraph's level of quoting taken off; absent without `=`. */
  readonly args?: SourceText;
  readonly inputs: readonly LinkLabel[];
  readonly outputs: readonly LinkLabel[];
  readonly start: number;
  readonly end: number;
  /** The part between the labels: `name=args` as the user wrote it. */
  readonly bodyStart: number;
  readonly bodyEnd: number;
}

/** Filters joined by commas. */
export interface FilterChain {
  readonly filters: readonly FilterNode[];
}

/** Chains joined by semicolons. Plain data. */
export interface Filtergraph {
  readonly text: string;
  /** `sws_flags=…` at the start, as written, without the semicolon. */
  readonly swsFlags?: string;
  readonly chains: readonly FilterChain[];
}

/** All filters in the order of the text. */
export function filtersOf(graph: Filtergraph): FilterNode[] {
  return graph.chains.flatMap((chain) => chain.filters);
}

/** `name=args` as the user wrote it, quoting intact. */
export function filterText(graph: Filtergraph, node: FilterNode): string {
  return graph.text.slice(node.bodyStart, node.bodyEnd);
}

/**
 * The graph's text with some filters replaced, their labels and everything else left as the user wrote it.
 *
 * @param replace gives the new `name=args` (or several, joined by commas), or undefined to keep the filter
 */
export function replaceFilters(
  graph: Filtergraph,
  replace: (node: FilterNode, index: number) => string | undefined,
): string {
  let text = '';
  let position = 0;
  filtersOf(graph).forEach((node, index) => {
    text += graph.text.slice(position, node.bodyStart);
    text += replace(node, index) ?? filterText(graph, node);
    position = node.bodyEnd;
  });
  return text + graph.text.slice(position);
}

/** The graph as text: exactly what was parsed. */
export function serializeFiltergraph(graph: Filtergraph): string {
  return replaceFilters(graph, () => undefined);
}
