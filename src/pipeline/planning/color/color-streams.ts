/** Which streams a DNN filter's colours come from and go to. Pure. */
import type { ChainPlan, Plan } from '../../command/plan.ts';
import { partBefore, type ParsedGraph } from '../../command/plan-graph.ts';
import type { Planning, StreamSource } from '../planning-log.ts';
import { videoMapping } from '../video-mapping.ts';
import type { StreamPicture, StreamPictures } from './stream-pictures.ts';

/** What stands around a DNN filter. */
export interface ColorStreams {
  /** Undefined where the frames come from no file, as of the filter `color`. */
  readonly source: StreamPicture | undefined;
  /** Every stream that the frames may go to; empty where ffmpeg did not list them. */
  readonly outputs: readonly StreamPicture[];
  /** Indices of the DNN filters before. */
  readonly upstream: readonly number[];
  /** Whether the filter stands in a complex graph. */
  readonly isInGraph: boolean;
}

/** The streams of the DNN filter at an index. */
export function colorStreams(
  plan: Plan,
  planning: Planning,
  pictures: StreamPictures,
  localIndex: number,
): ColorStreams {
  const chain = plan.chains.find(
    ({ firstLocalIndex, chain: { dnnFilters } }) =>
      localIndex >= firstLocalIndex && localIndex < firstLocalIndex + dnnFilters.length,
  );
  if (chain !== undefined) return streamsOfChain(chain, planning, pictures, localIndex);
  const graph = plan.graphs.find(({ parsed }) =>
    [...(parsed?.localIndices.values() ?? [])].includes(localIndex),
  );
  return streamsOfGraph(graph!.parsed!, planning, pictures, localIndex);
}

const keyOf = ({ file, stream }: StreamSource): string => `${file}:${stream}`;

function streamsOfChain(
  chain: ChainPlan,
  planning: Planning,
  pictures: StreamPictures,
  localIndex: number,
): ColorStreams {
  const { source, output } = videoMapping(chain, planning);
  const picture = pictures.outputs.get(`${chain.outputIndex}:${output}`);
  const { firstLocalIndex } = chain;
  return {
    source: pictures.inputs.get(keyOf(source)),
    outputs: picture === undefined ? [] : [picture],
    upstream: Array.from({ length: localIndex - firstLocalIndex }, (_, offset) => firstLocalIndex + offset),
    isInGraph: false,
  };
}

function streamsOfGraph(
  parsed: ParsedGraph,
  planning: Planning,
  pictures: StreamPictures,
  localIndex: number,
): ColorStreams {
  const [filter] = [...parsed.localIndices].find(([, index]) => index === localIndex)!;
  const before = [...partBefore(parsed, filter, true).kept];
  // In the planning run `format` stands in a DNN filter's place.
  const names = before.map((each) =>
    parsed.localIndices.has(each) ? 'format' : parsed.nodes[each]!.name.text,
  );
  const reading = new Set([...names, 'format']);
  const source = planning.graphInputs.find((input) => reading.has(input.filter))?.source;
  return {
    source: source === undefined ? undefined : pictures.inputs.get(keyOf(source)),
    outputs: planning.outputs.flatMap(({ mappings }, file) =>
      mappings
        .filter(({ kind }) => kind === 'graph')
        .flatMap(({ output }) => pictures.outputs.get(`${file}:${output}`) ?? []),
    ),
    upstream: before.flatMap((each) => parsed.localIndices.get(each) ?? []),
    isInGraph: true,
  };
}
