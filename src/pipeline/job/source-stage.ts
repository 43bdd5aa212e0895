/** Starts the ffmpeg that feeds a run of DNN filters, with the frames of other runs that it needs. */
import { pipeFolder, type CorePipe } from '../../media/core-options.ts';
import type { BufferPool } from '../frames/buffer-pool.ts';
import {
  DetectionMemory,
  recallDetections,
  rememberDetections,
  type StageTimes,
} from '../frames/detection-memory.ts';
import { framesOf, pumpFrames } from '../frames/frame-pump.ts';
import type { FrameStream } from '../frames/frame-stream.ts';
import type { DnnRun, JobLayout } from '../planning/job-layout.ts';
import type { JobStages, RunningStage } from './job-stages.ts';
import { framesAt } from '../planning/pipe-args.ts';
import type { Plan } from '../command/plan.ts';
import { partOf } from '../command/plan-filterchain.ts';
import type { Planning } from '../planning/planning-log.ts';
import {
  filtersBeforePlace,
  firstStageArgs,
  graphStageArgs,
  middleStageArgs,
  type SourcePipes,
} from '../planning/source-stage-args.ts';

export interface SourceStageStart {
  readonly plan: Plan;
  readonly planning: Planning;
  readonly layout: JobLayout;
  /** Index of the run that is fed. */
  readonly index: number;
  /** Frames of the run's inputs. */
  readonly inputs: readonly FrameStream[];
  readonly stages: JobStages;
  readonly buffers: BufferPool;
  /** Told of what moves the inputs' frames into the stage. */
  readonly onPump: (pump: Promise<unknown>) => void;
}

export interface SourceStage {
  readonly running: RunningStage;
  /** Resolves once the first frame is there. @throws FfmpegFailure where the stage ends before it */
  readonly frames: Promise<FrameStream>;
}

/** An ffmpeg stage failed by itself, and has said why in the log: the job ends with its exit code. */
export class FfmpegFailure extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`ffmpeg ended with exit code ${exitCode}`);
    this.exitCode = exitCode;
  }
}

export function startSourceStage(start: SourceStageStart): SourceStage {
  const { plan, planning, layout, index, inputs, stages, buffers, onPump } = start;
  const run = layout.runs[index]!;
  const [place] = run.places as [number];
  const before = run.inputs.map((input) => layout.runs[input]!.places.at(-1)!);
  const { pixelFormat, width, height } = framesAt(planning, place);
  const output: CorePipe = {
    name: `source${index}`,
    direction: 'write',
    ring: stages.ring(pixelFormat, width, height),
  };
  const pipes = inputs.map(({ info }, number): CorePipe => ({
    name: `source${index}-${number}`,
    direction: 'read',
    ring: stages.ring(info.format, info.width, info.height),
  }));
  const paths: SourcePipes = {
    inputs: pipes.map(({ name }, number) => ({ place: before[number]!, path: `${pipeFolder}/${name}` })),
    output: `${pipeFolder}/${output.name}`,
  };
  const running = stages.start({
    label: labelOf(layout, index),
    ...wordsOf(plan, planning, run, paths),
    pipes: [...pipes, output],
    isDecoder: run.opensInputs,
  });
  const memories = before.map(
    (from) => new DetectionMemory(timesOf(planning, from), timesOf(planning, place)),
  );
  inputs.forEach((stream, number) => {
    const remembered = rememberDetections(stream, memories[number]!);
    onPump(pumpFrames(remembered, pipes[number]!.ring, buffers, () => undefined));
  });
  const frames = framesOf(output.ring, buffers).then(
    (stream) => (memories.length === 0 ? stream : recallDetections(stream, memories)),
    async (error: unknown) => {
      const code = await running.exitCode;
      throw code === 0 ? error : new FfmpegFailure(code);
    },
  );
  return { running, frames };
}

function labelOf({ runs }: JobLayout, index: number): string {
  if (!runs[index]!.opensInputs) return `filter ${index}`;
  return index === 0 ? 'decode' : `decode ${index}`;
}

function timesOf(planning: Planning, place: number): StageTimes {
  const { timeBase, firstPts } = framesAt(planning, place);
  // NUT holds no negative times: such a pipe begins at zero.
  return { timeBase, offset: Math.min(0, firstPts) };
}

function wordsOf(
  plan: Plan,
  planning: Planning,
  { places, chain: chainIndex, graph, inputs }: DnnRun,
  pipes: SourcePipes,
): { args: string[]; filter: string } {
  const place = places[0]!;
  if (chainIndex === undefined) {
    const index = graph!;
    return {
      args: graphStageArgs(plan, planning, index, place, pipes),
      filter: filtersBeforePlace(plan.graphs[index]!.parsed!, place),
    };
  }
  const chain = plan.chains[chainIndex]!;
  return {
    args:
      inputs.length === 0
        ? firstStageArgs(plan, planning, chain, pipes.output)
        : middleStageArgs(plan, planning, chain, place, pipes),
    filter: partOf(chain.chain, place - chain.firstPlace),
  };
}
