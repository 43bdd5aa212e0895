/**
 * The shape of a job: which DNN filters pass frames straight on to each other (a run), which ffmpeg feeds
 * each run, and what the encode stage reads. Pure.
 */
import { partBefore, partBehind, type ParsedGraph } from '../command/plan-graph.ts';
import type { Plan } from '../command/plan.ts';
import type { Planning } from './planning-log.ts';
import { needsDecodeStage } from './decode-stage-args.ts';

/** DNN filters directly behind each other, which take and give one pixel format. */
export interface DnnRun {
  /** Indices, in the order in which a frame passes them. */
  readonly localIndices: readonly number[];
  /** Index of the chain, or of the complex graph, that the run belongs to. */
  readonly chain?: number;
  readonly graph?: number;
  /** Runs, by index, whose frames the run's decode stage reads; in the order of its pipes. */
  readonly inputs: readonly number[];
  /** Whether the decode stage reads files of the user. */
  readonly opensInputs: boolean;
}

/** All runs, each behind those whose frames it needs. */
export interface JobLayout {
  readonly runs: readonly DnnRun[];
  /** Runs whose frames the encode stage reads, in the order of its pipes. */
  readonly outputs: readonly number[];
}

/** Lays out a plan whose planning run has told the formats. */
export function layOut(plan: Plan, planning: Planning): JobLayout {
  const runs: DnnRun[] = [];
  const outputs: number[] = [];
  plan.chains.forEach((chain, index) => {
    const groups: number[][] = [];
    chain.chain.dnnFilters.forEach((_, offset) => {
      const localIndex = chain.firstLocalIndex + offset;
      if (offset === 0 || needsDecodeStage(chain, planning, localIndex)) groups.push([]);
      groups.at(-1)!.push(localIndex);
    });
    groups.forEach((localIndices, group) => {
      const inputs = group === 0 ? [] : [runs.length - 1];
      runs.push({ localIndices, chain: index, inputs, opensInputs: group === 0 });
    });
    outputs.push(runs.length - 1);
  });
  plan.graphs.forEach(({ parsed }, index) => {
    if (parsed === undefined || parsed.localIndices.size === 0) return;
    const graphRuns = groupLocalFilters(parsed, planning);
    const runOf = (filter: number): number => {
      const localIndex = parsed.localIndices.get(filter)!;
      return runs.findIndex(({ localIndices }) => localIndices.includes(localIndex));
    };
    for (const filters of graphRuns) {
      const part = partBefore(parsed, filters[0]!);
      const { links } = parsed;
      const isFed = (filter: number): boolean => links.links.some(({ to }) => to === filter);
      const heads = [filters[0]!, ...part.kept];
      runs.push({
        localIndices: filters.map((filter) => parsed.localIndices.get(filter)!),
        graph: index,
        inputs: [...part.sources].map(runOf),
        // Inputs of the graph have a label without partner, or neither label nor a filter before.
        opensInputs: heads.some(
          (filter) => !isFed(filter) || links.openInputs.some((open) => open.filter === filter),
        ),
      });
    }
    outputs.push(...[...partBehind(parsed).sources].map(runOf));
  });
  return { runs, outputs };
}

/** The DNN filters of a graph in runs: filters by index, each run behind those whose frames it needs. */
function groupLocalFilters({ links, localIndices }: ParsedGraph, planning: Planning): number[][] {
  const groups: number[][] = [];
  for (const [filter, localIndex] of localIndices) {
    const before = links.links.find(({ to }) => to === filter)?.from;
    const previous = before === undefined ? undefined : localIndices.get(before);
    const isSameFormat =
      previous !== undefined &&
      planning.frames[previous]?.pixelFormat === planning.frames[localIndex]?.pixelFormat;
    const group = isSameFormat ? groups.find((candidate) => candidate.at(-1) === before) : undefined;
    if (group === undefined) groups.push([filter]);
    else group.push(filter);
  }
  return groups;
}
