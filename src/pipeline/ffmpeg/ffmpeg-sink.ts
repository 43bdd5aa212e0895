/**
 * ffmpeg as the encode stage of a job: runs the filters behind, encodes, and takes all
 * other streams of the inputs along.
 */
import { pipeFolder, type CorePipe } from '../../media/core-options.ts';
import type { NutStream } from '../../media/nut/nut-stream.ts';
import { RingWriter } from '../../media/ring-writer.ts';
import type { Plan } from '../command/plan.ts';
import type { BufferPool } from '../frames/buffer-pool.ts';
import { pumpFrames } from '../frames/frame-pump.ts';
import type { FrameSink } from '../frames/frame-sink.ts';
import type { JobLayout } from '../planning/job-layout.ts';
import { encodeFilters, encodeStageArgs } from '../planning/encode-stage-args.ts';
import { followedLog, followedWords, withFlushedMovies } from '../planning/follow-packets.ts';
import type { Planning } from '../planning/planning-log.ts';
import type { StageLog } from '../report/stage-log.ts';
import type { MovieTemplates } from './movie-templates.ts';
import type { FfmpegStages, StageOutput } from './ffmpeg-stages.ts';

export interface FfmpegSinkStart {
  readonly plan: Plan;
  readonly planning: Planning;
  readonly layout: JobLayout;
  /** Frames of the layout's outputs. */
  readonly inputs: readonly NutStream[];
  readonly stages: FfmpegStages;
  readonly buffers: BufferPool;
  /** Counts the frames that ffmpeg says it encoded. */
  readonly log: Pick<StageLog, 'framesEncoded'>;
  readonly output: StageOutput;
  /** Learn what the stage is like. */
  readonly templates: Pick<MovieTemplates, 'started' | 'sawFrame'>;
}

export function startFfmpegSink(start: FfmpegSinkStart): FrameSink {
  const { plan, planning, layout, inputs, stages, buffers, log, output, templates } = start;
  const pipes = inputs.map((info, index): CorePipe => ({
    name: `frames${index}`,
    direction: 'read',
    ring: stages.ring(info),
  }));
  const paths = layout.outputs.map((run, index) => ({
    localIndex: layout.runs[run]!.localIndices.at(-1)!,
    path: `${pipeFolder}/${pipes[index]!.name}`,
  }));
  const args = withStatus(encodeStageArgs(plan, planning, paths));
  templates.started(
    args,
    pipes.map(({ name }, index) => ({ name, info: inputs[index]! })),
  );
  const flushed = withFlushedMovies(plan);
  const { stage, exitCode } = stages.start({
    label: 'encode',
    ...(flushed === undefined
      ? { args }
      : {
          args: followedWords(withStatus(encodeStageArgs(flushed, planning, paths))),
          followed: followedLog(plan.command),
        }),
    pipes,
    output,
  });
  return {
    async accept(input, stream, onFrame) {
      await pumpFrames(stream, pipes[input]!.ring, buffers, (frame) => {
        templates.sawFrame(input, frame);
        onFrame(frame);
      });
    },
    async quit() {
      await Promise.all(pipes.map(({ ring }) => new RingWriter(ring).drained()));
      stage.requestQuit();
    },
    kill: () => {
      stage.kill();
    },
    exitCode,
    get framesEncoded() {
      return log.framesEncoded;
    },
    stats: (frames) => stage.stats(encodeFilters(plan), frames),
  };
}

/** ffmpeg's status lines count the frames that were really encoded, which `-r` and `-frames` change. */
function withStatus(args: readonly string[]): string[] {
  return ['-stats', ...args.filter((word) => word !== '-stats' && word !== '-nostats')];
}
