/**
 * Which streams ffmpeg gives to the inputs of complex graphs that have no label: for each, in the
 * order of the text, the first stream of its kind that no complex graph uses yet
 * (fftools/ffmpeg_filter.c · init_input_filter).
 *
 * A part of a graph has fewer inputs than the whole, so that ffmpeg would choose other streams for it:
 * there these streams are named.
 */
import { sourceError, sourceText } from '../../base/source-text.ts';
import { inputCount, outputMedia } from '../../filtergraph/filter-pads.ts';
import type { GraphPlan, ParsedGraph } from '../command/plan-graph.ts';
import type { PlannedInput, Planning, StreamSource } from './planning-log.ts';

type Streams = Pick<Planning, 'inputs' | 'graphInputs'>;

/** Labels of a graph's unlabelled video inputs, by filter; none for a graph that has no such input. */
export type InputLabels = ReadonlyMap<number, readonly string[]>;

/**
 * The labels for each graph. Inputs for sound stay without: no DNN filter takes sound away from them.
 *
 * @throws DnnError `EINVAL` where a stream cannot be told, since a label beside it is too special
 */
export function unlabelledInputs(graphs: readonly GraphPlan[], planning: Streams): InputLabels[] {
  const used = new Set<string>();
  return graphs.map(({ parsed }) => (parsed === undefined ? new Map() : labelsOf(parsed, planning, used)));
}

const keyOf = ({ file, stream }: StreamSource): string => `${file}:${stream}`;

function labelsOf(parsed: ParsedGraph, planning: Streams, used: Set<string>): InputLabels {
  const { nodes, links } = parsed;
  const labels = new Map<number, string[]>();
  nodes.forEach((node, filter) => {
    const types = inputTypes(parsed, filter, planning);
    if (!types.has('Video')) return;
    for (const { label } of links.openInputs.filter((open) => open.filter === filter)) {
      const source = labelledStream(label.name, planning.inputs);
      if (source !== undefined) used.add(keyOf(source));
    }
    const given = node.inputs.length + passedByComma(parsed, filter);
    const missing = (parsed.localIndices.has(filter) ? 1 : inputCount(node)) - given;
    if (missing <= 0) return;
    const own: string[] = [];
    for (let pad = 0; pad < missing; pad++) {
      const source = firstUnused(planning.inputs, used);
      if (source === undefined) {
        throw sourceError(
          'EINVAL',
          `No unused video stream is left for an input of ${node.name.text}: write a label for it, such as [0:v]`,
          sourceText(parsed.graph.text),
          node.start,
          { filter: node.name.text },
        );
      }
      used.add(keyOf(source));
      own.push(`[${keyOf(source)}]`);
    }
    labels.set(filter, own);
  });
  return labels;
}

/** How many outputs of the filter before come by the comma between them. */
function passedByComma({ graph, nodes }: ParsedGraph, filter: number): number {
  const isFirst = graph.chains.some(({ filters }) => filters[0] === nodes[filter]);
  if (isFirst) return 0;
  const before = nodes[filter - 1]!;
  return Math.max(0, outputMedia(before).length - before.outputs.length);
}

/**
 * Types of the streams that filters of this name got in ffmpeg's list; a DNN filter takes video. A filter
 * that is not in the list gets no stream: it is a source, or stands behind others.
 */
function inputTypes({ nodes, localIndices }: ParsedGraph, filter: number, planning: Streams): Set<string> {
  if (localIndices.has(filter)) return new Set(['Video']);
  const types = planning.graphInputs
    .filter((input) => input.filter === nodes[filter]!.name.text)
    .map(
      ({ source }) =>
        planning.inputs[source.file]?.streams.find(({ index }) => index === source.stream)?.type,
    );
  return new Set(types.filter((type) => type !== undefined));
}

function firstUnused(inputs: readonly PlannedInput[], used: ReadonlySet<string>): StreamSource | undefined {
  for (const [file, { streams }] of inputs.entries()) {
    const free = streams.find(
      ({ index, type }) => type === 'Video' && !used.has(keyOf({ file, stream: index })),
    );
    if (free !== undefined) return { file, stream: free.index };
  }
  return undefined;
}

/**
 * The stream of a label such as `0`, `0:v`, `1:v:0` or `0:2`; undefined for sound
 * and for what is rarely written.
 */
function labelledStream(label: string, inputs: readonly PlannedInput[]): StreamSource | undefined {
  const match = /^(\d+)(?::([vV])?(?::?(\d+))?)?$/.exec(label);
  if (match === null) return undefined;
  const file = Number(match[1]);
  const streams = inputs[file]?.streams ?? [];
  if (match[2] === undefined && match[3] !== undefined) return { file, stream: Number(match[3]) };
  const video = streams.filter(({ type }) => type === 'Video')[Number(match[3] ?? 0)];
  return video === undefined ? undefined : { file, stream: video.index };
}
