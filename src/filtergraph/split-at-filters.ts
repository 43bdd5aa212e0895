/**
 * Cuts a simple filtergraph (`-vf`) at the DNN filters: what stands before, between and behind them stays the
 * user's own text, for ffmpeg to run.
 */
import { filtersOf, type Filtergraph, type FilterNode } from './filtergraph.ts';
import { checkSimpleFiltergraph, linkFilters, type FilterLinks } from './link-filters.ts';
import { orderPieces, type GraphPiece } from './order-pieces.ts';

/** One chain of an ffmpeg part, as the user wrote it. */
export interface SegmentChain {
  readonly text: string;
  /**
   * The part's input goes, without a label, to the chain's first filter; its last filter gives the output.
   */
  readonly isEntry: boolean;
  readonly isExit: boolean;
}

/** Filters for ffmpeg to run: a simple filtergraph of their own. */
export interface FfmpegSegment {
  readonly kind: 'ffmpeg';
  readonly swsFlags?: string;
  readonly chains: readonly SegmentChain[];
  /** The label, with its brackets, of the part's input and output, where it has one. */
  readonly inputLabel?: string;
  readonly outputLabel?: string;
}

/** One DNN filter. */
export interface DnnSegment {
  readonly kind: 'dnn';
  readonly node: FilterNode;
}

export type FiltergraphSegment = FfmpegSegment | DnnSegment;

/**
 * The segments in the order in which a frame passes them. Two DNN filters may follow each other; a graph
 * without one is a single ffmpeg segment.
 *
 * @param isDnnFilter tells which filters are to be cut out
 * @throws DnnError `ENOSYS` where a DNN filter stands in a branch of the graph; `EINVAL` for a graph that has
 *   several inputs or outputs; both with the position
 */
export function splitAtFilters(
  graph: Filtergraph,
  isDnnFilter: (node: FilterNode) => boolean,
): FiltergraphSegment[] {
  const filters = filtersOf(graph);
  const isDnn = filters.map((node) => isDnnFilter(node));
  if (!isDnn.includes(true)) return [wholeGraph(graph)];
  const links = linkFilters(graph);
  checkSimpleFiltergraph(graph, links);
  const pieces = orderPieces(graph, links, isDnn);
  return pieces.map((piece, position) =>
    piece.isDnn
      ? { kind: 'dnn', node: filters[piece.filters[0]!]! }
      : ffmpegSegment(graph, links, piece, {
          before: dnnNode(filters, pieces[position - 1]),
          behind: dnnNode(filters, pieces[position + 1]),
        }),
  );
}

function dnnNode(filters: readonly FilterNode[], piece: GraphPiece | undefined): FilterNode | undefined {
  return piece === undefined ? undefined : filters[piece.filters[0]!];
}

function wholeGraph(graph: Filtergraph): FfmpegSegment {
  const piece = { isDnn: false, filters: [...filtersOf(graph).keys()] };
  return ffmpegSegment(graph, linkFilters(graph), piece, {});
}

interface Neighbours {
  readonly before?: FilterNode | undefined;
  readonly behind?: FilterNode | undefined;
}

function ffmpegSegment(
  graph: Filtergraph,
  { openInputs, openOutputs }: FilterLinks,
  piece: GraphPiece,
  { before, behind }: Neighbours,
): FfmpegSegment {
  const inputLabel = before === undefined ? openInputs[0]?.label : before.outputs[0];
  const outputLabel = behind === undefined ? openOutputs[0]?.label : behind.inputs[0];
  const runs = runsOf(graph, piece);
  // Where the user wrote no label, the run next to the DNN filter is meant; at the graph's own ends it is the
  // first run without a label, as ffmpeg links the graph's input and output.
  const entry =
    inputLabel !== undefined
      ? undefined
      : runs.find((run) => (before === undefined ? run.first.inputs.length === 0 : run.followsOther));
  const exit =
    outputLabel !== undefined
      ? undefined
      : runs.findLast((run) => (behind === undefined ? run.last.outputs.length === 0 : run.precedesOther));
  return {
    kind: 'ffmpeg',
    ...(graph.swsFlags === undefined ? {} : { swsFlags: graph.swsFlags }),
    chains: runs.map((run) => ({
      text: graph.text.slice(run.first.start, run.last.end),
      isEntry: run === entry,
      isExit: run === exit,
    })),
    ...(inputLabel === undefined ? {} : { inputLabel: graph.text.slice(inputLabel.start, inputLabel.end) }),
    ...(outputLabel === undefined
      ? {}
      : { outputLabel: graph.text.slice(outputLabel.start, outputLabel.end) }),
  };
}

interface Run {
  readonly first: FilterNode;
  readonly last: FilterNode;
  /** A comma, and so a DNN filter, stands before or behind the run. */
  readonly followsOther: boolean;
  readonly precedesOther: boolean;
}

/** The piece's filters that stand next to each other in a chain. */
function runsOf(graph: Filtergraph, piece: GraphPiece): Run[] {
  const members = new Set(piece.filters);
  const runs: Run[] = [];
  let index = 0;
  for (const { filters } of graph.chains) {
    let begin = 0;
    filters.forEach((node, offset) => {
      if (!members.has(index + offset)) begin = offset + 1;
      else if (offset + 1 === filters.length || !members.has(index + offset + 1)) {
        runs.push({
          first: filters[begin]!,
          last: node,
          followsOther: begin > 0,
          precedesOther: offset + 1 < filters.length,
        });
      }
    });
    index += filters.length;
  }
  return runs;
}

/**
 * An ffmpeg segment as the value of `-vf`, the filters of the caller around it.
 *
 * @param before filters, joined by commas and without labels, for the segment's input; may be empty
 * @param after likewise for its output
 */
export function segmentText(segment: FfmpegSegment, before = '', after = ''): string {
  const { swsFlags, chains, inputLabel, outputLabel } = segment;
  const parts = chains.map(({ text, isEntry, isExit }) =>
    [isEntry ? before : '', text, isExit ? after : ''].filter((part) => part !== '').join(','),
  );
  if (before !== '' && inputLabel !== undefined) parts.unshift(`${before}${inputLabel}`);
  if (after !== '' && outputLabel !== undefined) parts.push(`${outputLabel}${after}`);
  if (swsFlags !== undefined) parts.unshift(swsFlags);
  return parts.join(';');
}
