/**
 * Starts the sources and the filters of a job, and gives the frames of each run to everyone who needs them.
 */
import type { FrameGate } from '../frames/frame-gate.ts';
import type { FrameStream } from '../frames/frame-stream.ts';
import { teeFrames } from '../frames/frame-tee.ts';
import type { DnnRun } from '../planning/job-layout.ts';
import type { DnnJobOptions } from './dnn-job-options.ts';
import type { FrameTransfers } from '../frames/frame-transfers.ts';
import type { RunningEnds } from './running-ends.ts';

/** What the job lends; what is started is the job's. */
export interface RunsToJoin extends Pick<
  DnnJobOptions,
  'planning' | 'layout' | 'ends' | 'filters' | 'buffers' | 'log' | 'detections' | 'timeline'
> {
  /** Holds back what the sources give. */
  readonly gate: FrameGate;
  /** Learns of each source. */
  readonly running: RunningEnds;
  /** Follows what moves frames into sources. */
  readonly transfers: FrameTransfers;
  /** Gets each stream that leaves a run, so that it can be stopped. */
  readonly branches: FrameStream[];
  /** Aborted where the job is ended at once. */
  readonly signal: AbortSignal;
}

/**
 * Resolves once there are frames for each output of the layout.
 *
 * @returns their streams, in the layout's order; the caller's.
 * @throws what a source's `frames` rejects with; what else has started goes on.
 */
export async function joinRuns(join: RunsToJoin): Promise<readonly FrameStream[]> {
  const { layout } = join;
  const branches: Promise<FrameStream[]>[] = [];
  const taken = layout.runs.map(() => 0);
  const branchOf = async (run: number): Promise<FrameStream> => {
    const reader = taken[run]!++;
    return (await branches[run]!)[reader]!;
  };
  for (const [index, run] of layout.runs.entries()) {
    const branch = startRun(index, run, run.inputs.map(branchOf), join);
    branch.catch(() => undefined); // seen by whoever takes a branch
    branches.push(branch);
  }
  return Promise.all(layout.outputs.map(branchOf));
}

/** Starts what feeds a run, and the run. @returns a stream for each of its readers. */
async function startRun(
  index: number,
  run: DnnRun,
  inputs: readonly Promise<FrameStream>[],
  join: RunsToJoin,
): Promise<FrameStream[]> {
  const { ends, gate, running, transfers, layout } = join;
  const source = ends.startSource(index, await Promise.all(inputs));
  running.addSource(index, source, run.opensInputs);
  for (const input of source.inputs) transfers.watch(input);
  let stream = gate.guard(await source.frames);
  for (const localIndex of run.localIndices) stream = startFilter(localIndex, stream, join);
  const readers =
    layout.runs.filter((other) => other.inputs.includes(index)).length +
    layout.outputs.filter((output) => output === index).length;
  const branches = readers === 1 ? [stream] : tee(stream, readers, join);
  join.branches.push(...branches);
  return branches;
}

function tee(stream: FrameStream, readers: number, { filters, buffers }: RunsToJoin): FrameStream[] {
  const inFlight = filters.map(({ mostInFlight }) => mostInFlight);
  return teeFrames(stream, { readers, frameLimit: Math.max(...inFlight), buffers });
}

function startFilter(localIndex: number, stream: FrameStream, join: RunsToJoin): FrameStream {
  const { filters, planning, buffers, log, detections, timeline, signal } = join;
  // A frame is reported once, when the last filter that adds to its side data has seen it.
  const isLast = !filters.slice(localIndex + 1).some(({ detects }) => detects);
  const filter = filters[localIndex]!;
  return filter.start(stream, {
    localIndex,
    planned: planning.frames[localIndex]!,
    detections: filter.detects && isLast ? detections : undefined,
    ...{ timeline, buffers, log, signal },
  });
}
