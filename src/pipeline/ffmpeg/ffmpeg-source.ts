/** ffmpeg as what feeds a run of filters: decodes, or filters the frames of other runs. */
import { pipeFolder, type CorePipe } from '../../media/core-options.ts';
import type { BufferPool } from '../frames/buffer-pool.ts';
import {
  DetectionMemory,
  recallDetections,
  rememberDetections,
  type StageTimes,
} from '../frames/detection-memory.ts';
import { framesOf, pumpFrames } from '../frames/frame-pump.ts';
import type { FrameSource } from '../frames/frame-source.ts';
import type { FrameStream } from '../frames/frame-stream.ts';
import { StageFailure } from '../frames/source-failure.ts';
import type { DnnRun, JobLayout } from '../planning/job-layout.ts';
import type { FfmpegStages } from './ffmpeg-stages.ts';
import { framesAt } from '../planning/pipe-args.ts';
import type { Plan } from '../command/plan.ts';
import { partOf } from '../command/plan-filterchain.ts';
import type { Planning } from '../planning/planning-log.ts';
import {
  filtersBefore,
  firstDecodeArgs,
  graphDecodeArgs,
  middleDecodeArgs,
  type DecodePipes,
} from '../planning/decode-stage-args.ts';
import { SizeChanges } from '../planning/size-changes.ts';

export interface FfmpegSourceStart {
  readonly plan: Plan;
  readonly planning: Planning;
  readonly layout: JobLayout;
  /** Index of the run that is fed. */
  readonly index: number;
  /** Frames of the run's inputs. */
  readonly inputs: readonly FrameStream[];
  readonly stages: FfmpegStages;
  readonly buffers: BufferPool;
}

export function startFfmpegSource(start: FfmpegSourceStart): FrameSource {
  const { plan, planning, layout, index, inputs, stages, buffers } = start;
  const run = layout.runs[index]!;
  const [localIndex] = run.localIndices as [number];
  const before = run.inputs.map((input) => layout.runs[input]!.localIndices.at(-1)!);
  const { pixelFormat: format, width, height } = framesAt(planning, localIndex);
  const output: CorePipe = {
    name: `source${index}`,
    direction: 'write',
    ring: stages.ring({ format, width, height }),
  };
  const pipes = inputs.map(({ info }, number): CorePipe => ({
    name: `source${index}-${number}`,
    direction: 'read',
    ring: stages.ring(info),
  }));
  const paths: DecodePipes = {
    inputs: pipes.map(({ name }, number) => ({ localIndex: before[number]!, path: `${pipeFolder}/${name}` })),
    output: `${pipeFolder}/${output.name}`,
  };
  const { args, filter } = wordsOf(plan, planning, run, paths);
  const changes = new SizeChanges(localIndex);
  const { stage, exitCode } = stages.start({
    label: labelOf(layout, index),
    args,
    pipes: [...pipes, output],
    inPlaceOf: (line) => changes.inPlaceOf(line),
  });
  const memories = before.map(
    (from) => new DetectionMemory(timesOf(planning, from), timesOf(planning, localIndex)),
  );
  const taken = inputs.map((stream, number) => {
    const remembered = rememberDetections(stream, memories[number]!);
    return pumpFrames(remembered, pipes[number]!.ring, buffers, () => undefined);
  });
  const frames = framesOf(output.ring, buffers).then(
    (stream) => (memories.length === 0 ? stream : recallDetections(stream, memories)),
    async (error: unknown) => {
      const code = await exitCode;
      throw code === 0 ? error : new StageFailure('ffmpeg', code);
    },
  );
  return {
    frames,
    inputs: taken,
    exitCode,
    quit: () => {
      stage.requestQuit();
    },
    kill: () => {
      stage.kill();
    },
    stats: (count) => [stage.stats(filter, count)],
  };
}

function labelOf({ runs }: JobLayout, index: number): string {
  if (!runs[index]!.opensInputs) return `filter ${index}`;
  return index === 0 ? 'decode' : `decode ${index}`;
}

function timesOf(planning: Planning, localIndex: number): StageTimes {
  const { timeBase, firstPts } = framesAt(planning, localIndex);
  // NUT holds no negative times: such a pipe begins at zero.
  return { timeBase, offset: Math.min(0, firstPts) };
}

function wordsOf(
  plan: Plan,
  planning: Planning,
  { localIndices, chain: chainIndex, graph, inputs }: DnnRun,
  pipes: DecodePipes,
): { args: string[]; filter: string } {
  const localIndex = localIndices[0]!;
  if (chainIndex === undefined) {
    const index = graph!;
    return {
      args: graphDecodeArgs(plan, planning, index, localIndex, pipes),
      filter: filtersBefore(plan.graphs[index]!.parsed!, localIndex),
    };
  }
  const chain = plan.chains[chainIndex]!;
  return {
    args:
      inputs.length === 0
        ? firstDecodeArgs(plan, planning, chain, pipes.output)
        : middleDecodeArgs(plan, planning, chain, localIndex, pipes),
    filter: partOf(chain.chain, localIndex - chain.firstLocalIndex),
  };
}
