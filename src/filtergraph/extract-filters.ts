/**
 * A part of a filtergraph as a filtergraph of its own: what stays is the user's own
 * text, labels and quoting intact.
 */
import { filterText, filtersOf, type Filtergraph, type FilterNode } from './filtergraph.ts';
import { outputMedia } from './filter-pads.ts';

/**
 * What becomes of a filter.
 *
 * - `keep`: it stays, with `body` in place of its `name=args` where that is given.
 * - `source`: filters that stand for it and for everything before it; its outputs stay.
 * - `end`: filters that stand for it and for everything behind it; its inputs stay.
 */
export type FilterRole =
  | { readonly kind: 'keep'; readonly body?: string | undefined }
  | { readonly kind: 'source'; readonly text: string }
  | { readonly kind: 'end'; readonly text: string };

export interface FilterExtract {
  /** By the filter's index in `filtersOf(graph)`; undefined for a filter that is left out. */
  readonly roleOf: (filter: number) => FilterRole | undefined;
  /** Labels, with their brackets, for the inputs of a filter that the user left without one. */
  readonly inputsOf?: (filter: number) => readonly string[];
  /**
   * Whether outputs that no filter of the whole graph takes are dropped; else they stay the part's outputs.
   */
  readonly dropsOpenOutputs: boolean;
}

/**
 * The text of the part. An output of a kept filter that only filters left out would take goes into a sink.
 *
 * @returns filters with the graph's `sws_flags` in front
 */
export function extractFilters(graph: Filtergraph, extract: FilterExtract): string {
  return new Extractor(graph, extract).text();
}

/** A name for a label that the graph does not use. */
export function freshLabel(graph: Filtergraph, stem: string): string {
  const used = new Set(
    filtersOf(graph).flatMap(({ inputs, outputs }) => [...inputs, ...outputs].map(({ name }) => name)),
  );
  let label = stem;
  while (used.has(label)) label += '_';
  return label;
}

class Extractor {
  readonly #graph: Filtergraph;
  readonly #extract: FilterExtract;
  readonly #filters: readonly FilterNode[];
  readonly #consumers = new Map<string, number>();
  readonly #chains: string[] = [];
  readonly #sinks: string[] = [];
  readonly #stem: string;
  #labels = 0;

  constructor(graph: Filtergraph, extract: FilterExtract) {
    this.#graph = graph;
    this.#extract = extract;
    this.#filters = filtersOf(graph);
    this.#filters.forEach(({ inputs }, filter) => {
      for (const { name } of inputs) this.#consumers.set(name, filter);
    });
    this.#stem = freshLabel(graph, 'cut');
  }

  text(): string {
    let first = 0;
    for (const { filters } of this.#graph.chains) {
      this.#readChain(first, filters.length);
      first += filters.length;
    }
    const { swsFlags } = this.#graph;
    return [...(swsFlags === undefined ? [] : [swsFlags]), ...this.#chains, ...this.#sinks].join(';');
  }

  #readChain(first: number, count: number): void {
    let text = '';
    for (let filter = first; filter < first + count; filter++) {
      const role = this.#extract.roleOf(filter);
      const isJoined = text !== '' && this.#consumes(filter);
      if (text !== '' && !isJoined) {
        this.#chains.push(text);
        text = '';
      }
      if (role === undefined) continue;
      const extra = this.#consumes(filter) ? (this.#extract.inputsOf?.(filter) ?? []) : [];
      if (isJoined && extra.length > 0) {
        // A filter's labels come before what a comma brings: to stand behind it, it needs a label, too.
        const label = this.#newLabel();
        this.#chains.push(text + label);
        text = this.#filterText(filter, role, [label, ...extra]);
      } else {
        text = `${isJoined ? `${text},` : ''}${this.#filterText(filter, role, extra)}`;
      }
      if (role.kind !== 'end') text += this.#dangling(filter, filter + 1 < first + count);
      if (role.kind === 'end' || (filter + 1 < first + count && !this.#consumes(filter + 1))) {
        this.#chains.push(text);
        text = '';
      }
    }
    if (text !== '') this.#chains.push(text);
  }

  #consumes(filter: number): boolean {
    const kind = this.#extract.roleOf(filter)?.kind;
    return kind === 'keep' || kind === 'end';
  }

  #filterText(filter: number, role: FilterRole, extra: readonly string[]): string {
    const node = this.#filters[filter]!;
    const { text } = this.#graph;
    const inputs = role.kind === 'source' ? '' : text.slice(node.start, node.bodyStart) + extra.join('');
    const body = role.kind === 'keep' ? (role.body ?? filterText(this.#graph, node)) : role.text;
    return inputs + body + (role.kind === 'end' ? '' : text.slice(node.bodyEnd, node.end));
  }

  /** Labels for outputs that had none and lead nowhere now; every output that leads nowhere gets its sink. */
  #dangling(filter: number, isFollowed: boolean): string {
    const node = this.#filters[filter]!;
    const media = outputMedia(node);
    const sink = (pad: number, label: string): void => {
      this.#sinks.push(`${label}${media[pad] === 'audio' ? 'anullsink' : 'nullsink'}`);
    };
    node.outputs.forEach(({ name, start, end }, pad) => {
      const consumer = this.#consumers.get(name);
      const isDropped = consumer === undefined ? this.#extract.dropsOpenOutputs : !this.#consumes(consumer);
      if (isDropped) sink(pad, this.#graph.text.slice(start, end));
    });
    const leadsOn = isFollowed ? this.#consumes(filter + 1) : !this.#extract.dropsOpenOutputs;
    if (leadsOn) return '';
    return media
      .slice(node.outputs.length)
      .map((_, index) => {
        const label = this.#newLabel();
        sink(node.outputs.length + index, label);
        return label;
      })
      .join('');
  }

  #newLabel(): string {
    return `[${this.#stem}${this.#labels++}]`;
  }
}
