/** Runs the job of a command with DNN filters, once the planning run has told what they get. */
import { isLogged } from '../../base/log.ts';
import type { ExecResult } from '../../workers/pipeline-api.ts';
import { logLevelOf } from '../command/log-level.ts';
import type { Plan } from '../command/plan.ts';
import type { CodecWorkers } from '../codecs/codec-workers.ts';
import { BufferPool } from '../frames/buffer-pool.ts';
import type { FilterEngine, JobFilter } from '../inference/job-filter.ts';
import { onlyPasses } from '../planning/codecs/idle-passes.ts';
import { expectedFrames } from '../planning/expected-frames.ts';
import { layOut } from '../planning/job-layout.ts';
import { fitEncoders } from '../planning/encoders/fit-encoders.ts';
import { settleColor } from '../planning/color/settle-color.ts';
import type { StreamPictures } from '../planning/color/stream-pictures.ts';
import type { Planning } from '../planning/planning-log.ts';
import { runSizedPlanning } from '../planning/planning-run.ts';
import { tagWarnings } from '../planning/stage-args-tags.ts';
import { videoMapping } from '../planning/video-mapping.ts';
import { MemoryMeter } from '../report/memory-meter.ts';
import { MovieTemplates } from '../ffmpeg/movie-templates.ts';
import { StageLog } from '../report/stage-log.ts';
import { DnnJob } from './dnn-job.ts';
import { runDiscarding } from './discarding-run.ts';
import type { CommandRun } from './execution.ts';
import { codecEnds } from './ends/codec-ends.ts';
import { ffmpegEnds } from './ends/ffmpeg-ends.ts';
import { FfmpegStages } from '../ffmpeg/ffmpeg-stages.ts';
import type { JobRecorders } from './job-recorders.ts';
import { isStdout } from './output-collector.ts';
import { configureFilters } from './prepare-filters.ts';
import { stageFiles } from '../ffmpeg/stage-files.ts';

/** What is there before the planning run. */
export interface PreparedCommand {
  readonly plan: Plan;
  /** By index. */
  readonly filters: readonly JobFilter[];
  /** By index; whoever started them ends them too. */
  readonly engines: readonly FilterEngine[];
  readonly recorders: JobRecorders;
  /** Whoever has them ends them too. */
  readonly codecWorkers: CodecWorkers;
}

/** What the planning run has told. */
export interface PlannedCommand {
  readonly planning: Planning;
  readonly pictures: StreamPictures;
  /** A plan as planning runs get it. */
  readonly forRuns: (plan: Plan) => Plan;
}

/**
 * @throws DnnError where workers, memory, inference or an output fail; the signal's reason before the job.
 */
export async function runDnnJob(
  { plan, filters: local, engines, recorders, codecWorkers }: PreparedCommand,
  planned: PlannedCommand,
  run: CommandRun,
): Promise<ExecResult> {
  const { context, request, command, kind, log, started, signal, fonts, onRunning } = run;
  for (const chain of plan.chains) {
    const mapping = videoMapping(chain, planned.planning);
    for (const message of tagWarnings(plan, planned.planning, mapping, chain.output)) log('warning', message);
  }
  const filters = await configureFilters(engines, planned.planning);
  // Without a DNN filter frames stay as ffmpeg decodes them.
  const planning = onlyPasses(plan)
    ? planned.planning
    : settleColor({ plan, ...planned, filters: local, log });
  const sizedPictures = (): Promise<StreamPictures | undefined> =>
    runSizedPlanning(planned.forRuns(plan), local, planning, (args) => runDiscarding(args, run));
  const { pictures } = planned;
  const fitted = await fitEncoders({ plan, planning, pictures, filters: local, sizedPictures, log });
  signal.throwIfAborted();
  const frames = expectedFrames(plan, planning);
  const layout = layOut(plan, planning);
  const { detections, timeline } = recorders;
  const buffers = new BufferPool(16);
  const memory = new MemoryMeter();
  const stageLog = new StageLog(context.log, isLogged('info', logLevelOf(command)));
  const files = stageFiles(context.store, request.cwd, fonts);
  const templates = new MovieTemplates(context.cores, files);
  const output = kind.collectOutputs({ templateOf: (path) => templates.of(path), log });
  const { dnnWatchdog: watchdogSeconds } = command;
  const stages = new FfmpegStages({
    cores: context.cores,
    ...{ files, memory, log: stageLog, timeline, watchdogSeconds },
  });
  const job = new DnnJob({
    ...{ context, log, planning, layout, filters, output, stageLog, buffers, memory, frames, started },
    ...{ detections, timeline },
    ends: codecEnds(
      ffmpegEnds({
        ...{ plan: fitted, planning, pictures, layout, stages, buffers, templates, log: stageLog },
        ...{ assets: context.assets, codecWorkers, watchdogSeconds, memory, timeline },
        output: {
          outputs: output.coreOutputs,
          writesStdout: command.outputs.some(({ url }) => isStdout(url)),
        },
      }),
      {
        ...{ plan, planning, pictures, layout, stages, buffers, memory, log, stageLog, timeline },
        ...{ codecWorkers, watchdogSeconds },
      },
    ),
    stopAfter: kind.stopAfter,
  });
  onRunning(job);
  const exitCode = await job.run();
  const { secondsPerFrame } = job;
  return { exitCode, stats: job.stats(), expectedFrames: frames, secondsPerFrame };
}
