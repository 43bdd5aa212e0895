/**
 * Finds the order in which a simple filtergraph, cut at its DNN filters, is to be
 * run: piece, DNN filter, piece, …
 *
 * A DNN filter can be cut out where it is the only connection between what stands before and what
 * stands behind it. So the filters are grouped into pieces that hang together without any DNN filter,
 * and pieces and DNN filters must then form one line. A branch around a DNN filter makes one piece of
 * what is before and behind it: no line.
 */
import { sourceError, sourceText } from '../base/source-text.ts';
import type { DnnError } from '../base/errors.ts';
import { filtersOf, type Filtergraph } from './filtergraph.ts';
import { outputMedia } from './filter-pads.ts';
import type { FilterLinks } from './link-filters.ts';

/** Filter indices (`filtersOf`), ascending. A DNN filter is a piece of its own. */
export interface GraphPiece {
  readonly isDnn: boolean;
  readonly filters: readonly number[];
}

/**
 * The pieces from the graph's input to its output.
 *
 * @throws DnnError `ENOSYS` with the position of a DNN filter that stands in a branch, `EINVAL` for one
 *   with more than one input or output
 */
export function orderPieces(
  graph: Filtergraph,
  graphLinks: FilterLinks,
  isDnn: readonly boolean[],
): GraphPiece[] {
  checkPads(graph, graphLinks, isDnn);
  const pieceOf = groupFilters(graphLinks, isDnn);
  const next = new Map<number, number>();
  const previous = new Map<number, number>();
  for (const { from, to } of graphLinks.links) {
    const dnn = isDnn[from] === true ? from : to;
    if (isDnn[dnn] !== true) continue;
    const source = pieceOf[from] ?? from;
    const target = pieceOf[to] ?? to;
    if (next.has(source) || previous.has(target)) throw branchError(graph, dnn);
    next.set(source, target);
    previous.set(target, source);
  }
  const pieces = new Map<number, number[]>();
  pieceOf.forEach((piece, filter) => {
    if (piece === filter) pieces.set(piece, []);
    pieces.get(piece)?.push(filter);
  });
  const ordered: GraphPiece[] = [];
  let piece = [...pieces.keys()].find((candidate) => !previous.has(candidate));
  while (piece !== undefined) {
    ordered.push({ isDnn: isDnn[piece] === true, filters: pieces.get(piece) ?? [] });
    piece = next.get(piece);
  }
  if (ordered.length < pieces.size) throw branchError(graph, isDnn.indexOf(true));
  checkOpenLabels(graph, graphLinks, ordered);
  return ordered;
}

/** Per filter the lowest index of its piece. */
function groupFilters({ links }: FilterLinks, isDnn: readonly boolean[]): number[] {
  const parent = isDnn.map((_, filter) => filter);
  const find = (filter: number): number => {
    let root = filter;
    while (parent[root] !== root) {
      // Halving the path keeps long chains from being walked again and again.
      const grandparent = parent[parent[root]!]!;
      parent[root] = grandparent;
      root = grandparent;
    }
    return root;
  };
  for (const { from, to } of links) {
    if (isDnn[from] === true || isDnn[to] === true) continue;
    const [low, high] = [find(from), find(to)].sort((left, right) => left - right);
    parent[high!] = low!;
  }
  return parent.map((_, filter) => find(filter));
}

/**
 * Every DNN filter has one input and one output, so a comma and a label, or two labels, are one too many.
 *
 * @throws DnnError `EINVAL` with the position of the filter
 */
export function checkPads(graph: Filtergraph, { links }: FilterLinks, isDnn: readonly boolean[]): void {
  const filters = filtersOf(graph);
  filters.forEach((node, filter) => {
    if (isDnn[filter] !== true) return;
    const before = links.filter((link) => link.to === filter);
    const behind = links.filter((link) => link.from === filter);
    const comma = (list: typeof before): number => (list.some(({ by }) => by === 'comma') ? 1 : 0);
    // A comma leads on from an output without a label.
    const afterLabel = before.some(
      ({ from, by }) =>
        by === 'comma' &&
        filters[from]!.outputs.length > 0 &&
        outputMedia(filters[from]!).length <= filters[from]!.outputs.length,
    );
    if (
      node.inputs.length + comma(before) > 1 ||
      node.outputs.length + comma(behind) > 1 ||
      before.length > 1 ||
      behind.length > 1 ||
      afterLabel
    ) {
      throw sourceError(
        'EINVAL',
        `${node.name.text} has exactly one input and one output: link each by one comma or one label, which no other filter uses`,
        sourceText(graph.text),
        node.start,
        { filter: node.name.text },
      );
    }
  });
}

/**
 * What has a label without a partner must be the first or the last piece: the
 * graph has one input and one output.
 */
function checkOpenLabels(
  graph: Filtergraph,
  { openInputs, openOutputs }: FilterLinks,
  ordered: readonly GraphPiece[],
): void {
  const misplaced =
    openInputs.find(({ filter }) => ordered[0]?.filters.includes(filter) !== true) ??
    openOutputs.find(({ filter }) => ordered.at(-1)?.filters.includes(filter) !== true);
  if (misplaced === undefined) return;
  throw sourceError(
    'EINVAL',
    `A simple filtergraph has exactly 1 input and 1 output: no other filter of the graph is linked to [${misplaced.label.name}]`,
    sourceText(graph.text),
    misplaced.label.start,
  );
}

function branchError(graph: Filtergraph, filter: number): DnnError {
  const node = filtersOf(graph)[filter]!;
  return sourceError(
    'ENOSYS',
    `The filtergraph cannot be cut at ${node.name.text}, which stands in a branch or beside filters that nothing links to it: in -vf every frame passes through it, as in -vf "scale=360:240,${node.name.text}=…,format=yuv420p"; for branches write -filter_complex "[0:v]split[a][b];[a]${node.name.text}=…[c];…"`,
    sourceText(graph.text),
    node.start,
    { filter: node.name.text },
  );
}
