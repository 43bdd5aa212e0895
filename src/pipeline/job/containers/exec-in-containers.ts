/** Carries out a command with DNN filters on a page without shared memory, where no frame comes to ffmpeg. */
import { onAbort, raceAbort } from '../../../base/abort.ts';
import { isLogged } from '../../../base/log.ts';
import { resolvePath } from '../../../media/resolve-path.ts';
import { noStats } from '../../../workers/no-stats.ts';
import type { ExecResult } from '../../../workers/pipeline-api.ts';
import { containerCommand, type ContainerCommand } from '../../command/container-command.ts';
import { logLevelOf } from '../../command/log-level.ts';
import type { Plan } from '../../command/plan.ts';
import { encoderName } from '../../command/webcodecs/encoder-option.ts';
import { madeWithoutFFmpeg } from '../../command/without-headers.ts';
import { containerEnds } from '../../containers/container-ends.ts';
import { containerOutput } from '../../containers/container-output.ts';
import { ContainerWorkers } from '../../containers/container-workers.ts';
import { openVideo, type OpenVideo } from '../../containers/open-video.ts';
import { scaledStages } from '../../containers/scaled-stage.ts';
import { BufferPool } from '../../frames/buffer-pool.ts';
import type { FilterEngine, JobFilter } from '../../inference/job-filter.ts';
import { lossesOf, readInputListing, type InputListing } from '../../planning/containers/input-listing.ts';
import { scalingWords } from '../../planning/containers/settle-links.ts';
import { settleColor } from '../../planning/color/settle-color.ts';
import type { JobLayout } from '../../planning/job-layout.ts';
import { MemoryMeter } from '../../report/memory-meter.ts';
import { StageLog } from '../../report/stage-log.ts';
import { runDiscarding } from '../discarding-run.ts';
import { DnnJob } from '../dnn-job.ts';
import type { CommandRun } from '../execution.ts';
import { startRecorders, type JobRecorders } from '../job-recorders.ts';
import { configureFilters, loadFilters, startFilters } from '../prepare-filters.ts';

/** What is there before the input is opened. */
interface PreparedJob {
  readonly plan: Plan;
  readonly words: ContainerCommand;
  readonly filters: readonly JobFilter[];
  readonly engines: readonly FilterEngine[];
  readonly workers: ContainerWorkers;
  readonly recorders: JobRecorders;
}

/** @throws DnnError `ENOSYS` with the headers for what is not done here; else as execDnn. */
export async function execInContainers(plan: Plan, run: CommandRun): Promise<ExecResult> {
  const words = containerCommand(plan);
  const filters = await loadFilters(plan, run);
  const detects = filters.some((filter) => filter.detects);
  const recorders = startRecorders(run, detects);
  const engines = startFilters(filters, run);
  const workers = new ContainerWorkers(run.context.assets, words.encoder.codec, run.command.dnnWatchdog);
  const endAll = (reason?: unknown): void => {
    for (const engine of engines) engine.terminate(reason);
    workers.terminate(reason);
  };
  const stopListening = onAbort(run.signal, endAll);
  let succeeded = false;
  try {
    const result = await execPrepared({ plan, words, filters, engines, workers, recorders }, run);
    succeeded = result.exitCode === 0;
    return result;
  } finally {
    run.onRunning(undefined);
    stopListening();
    endAll();
    // Last, since the target of a file may fail.
    await recorders.finish(succeeded);
  }
}

async function execPrepared(prepared: PreparedJob, run: CommandRun): Promise<ExecResult> {
  const { words, workers, filters } = prepared;
  const { context, request, signal, log } = run;
  const { lines } = await runDiscarding(['-hide_banner', '-i', words.input], run);
  const listing = readInputListing(lines);
  if (listing === undefined) {
    for (const message of lines) context.log({ type: 'stderr', message });
    return { exitCode: 1, stats: noStats };
  }
  const file = context.store.blob(resolvePath(words.input, request.cwd));
  const opened = await raceAbort(openVideo(workers, words, file, filters, listing), signal);
  tell(words, opened, listing, log);
  const planning = settleColor({ plan: prepared.plan, ...opened, filters, log });
  return runContainerJob(prepared, { ...opened, planning }, run);
}

/** What is not as the user might expect, before anything is written. */
function tell(
  words: ContainerCommand,
  opened: OpenVideo,
  listing: InputListing,
  log: CommandRun['log'],
): void {
  if (words.isDefaultEncoder)
    log('info', `No encoder is named: -c:v ${encoderName(words.encoder.codec)} is used.`);
  if (words.asksForFastStart)
    log('warning', '-movflags +faststart has no effect without ffmpeg: the index stands at the end.');
  const made = `${words.output.url} ${madeWithoutFFmpeg}`;
  if (words.audioEncoder !== undefined && opened.audio.length > 0)
    log('warning', `${made}: its audio is copied, ${words.audioEncoder.words.join(' ')} has no effect.`);
  const scaling = scalingWords(opened.links);
  if (scaling !== undefined) log('info', scaling);
  const losses = lossesOf(listing, opened.audio);
  if (losses !== undefined) log('warning', `${made}, and will not have ${losses} of ${words.input}.`);
}

async function runContainerJob(
  { words, engines, workers, recorders }: PreparedJob,
  opened: OpenVideo,
  { context, request, command, kind, log, started, signal, onRunning }: CommandRun,
): Promise<ExecResult> {
  const { planning } = opened;
  const filters = scaledStages(await configureFilters(engines, planning), opened.links);
  const { detections, timeline } = recorders;
  const [buffers, memory] = [new BufferPool(16), new MemoryMeter()];
  const output = kind.collectOutputs();
  const bytes = containerOutput(output, resolvePath(words.output.url, request.cwd));
  const ends = await containerEnds({
    ...{ workers, words, opened, planning, output: bytes, buffers, memory, timeline },
    assets: context.assets,
    watchdogSeconds: command.dnnWatchdog,
  });
  signal.throwIfAborted();
  const job = new DnnJob({
    ...{ context, log, planning, filters, output, buffers, memory, started, detections, timeline, ends },
    layout: oneRun(filters.length),
    stageLog: new StageLog(context.log, isLogged('info', logLevelOf(command))),
    frames: opened.expected,
    stopAfter: kind.stopAfter,
  });
  onRunning(job);
  const exitCode = await job.run();
  const { secondsPerFrame } = job;
  return { exitCode, stats: job.stats(), expectedFrames: opened.expected, secondsPerFrame };
}

/** All filters behind one another, from the input to the output. */
function oneRun(filters: number): JobLayout {
  const localIndices = Array.from({ length: filters }, (_, index) => index);
  return { runs: [{ localIndices, chain: 0, inputs: [], opensInputs: true }], outputs: [0] };
}
