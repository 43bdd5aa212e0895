/** Starts the stage that writes the outputs of a job: the user's command, with pipes as more inputs. */
import { pipeFolder, type CorePipe } from '../../media/core-options.ts';
import type { Plan } from '../command/plan.ts';
import { encodeStageArgs } from '../planning/encode-stage-args.ts';
import { followedLog, followedWords, withFlushedMovies } from '../planning/follow-packets.ts';
import type { JobLayout } from '../planning/job-layout.ts';
import type { EncodedVideo } from '../planning/codecs/mux-words.ts';
import type { Planning } from '../planning/planning-log.ts';
import type { FfmpegStages, RunningStage, StageOutput } from './ffmpeg-stages.ts';
import type { MovieTemplates, TemplateInput } from './movie-templates.ts';

/** What such a stage does, whatever comes through its pipes. */
export interface EncodeStageOptions {
  readonly plan: Plan;
  readonly planning: Planning;
  readonly layout: JobLayout;
  readonly stages: FfmpegStages;
  readonly output: StageOutput;
  /** Learn what the stage is like. */
  readonly templates: Pick<MovieTemplates, 'started' | 'sawFrame' | 'sawPacket'>;
}

/** One pipe of the stage. */
export interface StagePipe {
  readonly pipe: CorePipe;
  /** What comes through it, under the pipe's name. */
  readonly input: TemplateInput;
  /** Set where that is encoded video. */
  readonly video?: EncodedVideo;
}

/** @param pipes in the order of the layout's outputs. */
export function startEncodeStage(
  { plan, planning, layout, stages, output, templates }: EncodeStageOptions,
  pipes: readonly StagePipe[],
): RunningStage {
  const paths = layout.outputs.map((run, index) => {
    const { pipe, video } = pipes[index]!;
    const localIndex = layout.runs[run]!.localIndices.at(-1)!;
    return {
      localIndex,
      path: `${pipeFolder}/${pipe.name}`,
      ...(video === undefined ? {} : { encoded: video }),
    };
  });
  const args = withStatus(encodeStageArgs(plan, planning, paths));
  templates.started(
    args,
    pipes.map(({ input }) => input),
  );
  const flushed = withFlushedMovies(plan);
  return stages.start({
    label: 'encode',
    ...(flushed === undefined
      ? { args }
      : {
          args: followedWords(withStatus(encodeStageArgs(flushed, planning, paths))),
          followed: followedLog(plan.command),
        }),
    pipes: pipes.map(({ pipe }) => pipe),
    output,
  });
}

/** ffmpeg's status lines count the frames that were really encoded, which `-r` and `-frames` change. */
function withStatus(args: readonly string[]): string[] {
  return ['-stats', ...args.filter((word) => word !== '-stats' && word !== '-nostats')];
}
