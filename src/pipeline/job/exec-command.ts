/** One `exec` from the words to the exit code: decides who runs what, and makes everything ready. */
import { DnnError } from '../../base/errors.ts';
import { atLogLevel, isLogged, type Logger } from '../../base/log.ts';
import { filterHelp } from '../../filters/filter-help.ts';
import { replaceFilters } from '../../filtergraph/filtergraph.ts';
import { resolvePath } from '../../media/resolve-path.ts';
import { InferencePool } from '../../workers/inference-pool.ts';
import type { ExecRequest, ExecResult } from '../../workers/pipeline-api.ts';
import { parseCommand, type Command } from '../command/command.ts';
import { isDrawing, isOwnFilter, parseDrawingFilter, type OwnFilter } from '../planning/own-filter.ts';
import { DetectionsFile } from '../report/detections-file.ts';
import { DetectionsRecorder } from '../report/detections-recorder.ts';
import { DnnJob, type JobFilter } from './dnn-job.ts';
import { loadDnnInstance, parseDnnFilter, type DnnInstance } from '../instance/dnn-instance.ts';
import { expectedFrames } from '../planning/expected-frames.ts';
import { FfmpegStage, type StageFiles } from './ffmpeg-stage.ts';
import { chooseInstanceExecution } from '../instance/instance-execution.ts';
import { requireIsolation } from '../command/isolation.ts';
import type { JobContext, RunningJob } from './job-context.ts';
import { layOut } from '../planning/job-layout.ts';
import { logLevelOf } from '../command/log-level.ts';
import {
  discardedOutputs,
  isStdout,
  memoryOutputs,
  streamOutputs,
  type OutputCollector,
} from './output-collector.ts';
import { noStats } from '../../workers/no-stats.ts';
import { overwriteRefusal } from '../command/overwrite.ts';
import { PlainJob } from './plain-job.ts';
import { filterScripts, planCommand, type Plan } from '../command/plan.ts';
import type { Planning } from '../planning/planning-log.ts';
import { replaceDnnFilters } from '../command/plan-filterchain.ts';
import { mappedVideos, videoMapping } from '../planning/video-mapping.ts';
import { TimelineFile } from '../report/timeline-file.ts';
import { TimelineRecorder } from '../report/timeline-recorder.ts';
import { tagWarnings } from '../planning/stage-args-tags.ts';
import { runPlanning, type PlanningRun } from '../planning/planning-run.ts';

export interface Execution {
  readonly context: JobContext;
  readonly request: ExecRequest;
  /** Told of whatever can be stopped now; undefined once nothing can. */
  readonly onRunning: (job: RunningJob | undefined) => void;
}

/**
 * Runs a command line.
 *
 * @throws DnnError where this project's part refuses or fails; ffmpeg's own failures are exit codes
 */
export async function execCommand(execution: Execution): Promise<ExecResult> {
  const { context, request } = execution;
  const started = performance.now();
  const help = filterHelp(request.args);
  if (help !== undefined) {
    for (const message of help.split('\n')) context.log({ type: 'stdout', message });
    return { exitCode: 0, stats: noStats };
  }
  const command = parseCommand(request.args);
  const refusal = overwriteRefusal(command, (path) => context.store.exists(resolvePath(path, request.cwd)));
  if (refusal !== null) {
    context.log({ type: 'stderr', message: refusal });
    return { exitCode: 1, stats: noStats };
  }
  const statsPath = command.dnnStats === undefined ? undefined : resolvePath(command.dnnStats, request.cwd);
  const scripts = await readScripts(command, execution);
  const planned = planCommand(command, {
    isOwnFilter,
    scripts,
  });
  if (planned.kind === 'plain') {
    requireDetection(command, false);
    requireDnn(command, request);
    return { ...(await runPlain(planned.argv, command, execution)), statsPath };
  }
  requireIsolation();
  // The planning run's core decodes afterwards; the one that encodes loads meanwhile.
  context.cores.prepare(2);
  const log = ownLogger(command, context);
  const instances = await loadInstances(planned.plan, execution, log);
  const detects = instances.some((filter) => !isDrawing(filter) && filter.analytics !== undefined);
  requireDetection(command, detects);
  const detections = detects ? recorder(command, execution, log) : undefined;
  const timeline = timelineRecorder(command, execution, started);
  const pools = instances.map((filter, place) =>
    isDrawing(filter) ? Promise.resolve(undefined) : startPool(filter, place, context, log),
  );
  let succeeded = false;
  try {
    const run = (args: readonly string[]): Promise<PlanningRun> => runDiscarding(args, execution);
    const planning = await runPlanning(planned.plan, instances, run);
    if (planning.kind === 'failed') return { ...failure(planning.run, execution), statsPath };
    if (planning.kind === 'no-frames') {
      requireVideo(planned.plan, planning.planning);
      // No pixel depends on the DNN filters then, and what ffmpeg does without frames is the answer.
      const result = await runPlain(withoutDnn(planned.plan, request.args), command, execution);
      succeeded = result.exitCode === 0;
      return { ...result, statsPath };
    }
    for (const chain of planned.plan.chains) {
      const mapping = videoMapping(chain, planning.planning);
      for (const message of tagWarnings(planned.plan, planning.planning, mapping)) log('warning', message);
    }
    // First what the workers say: ops without a kernel are the reason why a size is not known.
    const ready = await Promise.all(pools);
    const workers = ready.filter((pool) => pool !== undefined).length;
    const filters = await Promise.all(
      instances.map(async (instance, place): Promise<JobFilter> => {
        if (isDrawing(instance)) return instance;
        const { pixelFormat: format, width, height } = planning.planning.frames[place]!;
        const link = { format, width, height };
        const pool = ready[place]!;
        const execution = await chooseInstanceExecution(instance, link, pool, workers, log);
        pool.shrink(execution.workers);
        return { instance, execution, pool };
      }),
    );
    const { output, writesStdout } = collector(command, execution);
    const frames = expectedFrames(planned.plan, planning.planning);
    const files = stageFiles(execution);
    const job = new DnnJob({
      context,
      log,
      plan: planned.plan,
      planning: planning.planning,
      layout: layOut(planned.plan, planning.planning),
      filters,
      files,
      output,
      writesStdout,
      showsStatus: isLogged('info', logLevelOf(command)),
      frames,
      started,
      detections,
      timeline,
      stopAfterFrames: request.trialFrames,
    });
    execution.onRunning(job);
    const exitCode = await job.run();
    succeeded = exitCode === 0;
    return { exitCode, stats: job.stats(), statsPath, expectedFrames: frames };
  } finally {
    execution.onRunning(undefined);
    for (const pool of pools)
      void pool.then(
        (value) => {
          value?.terminate();
        },
        () => undefined,
      );
    // Last, since the target of the file may fail.
    await Promise.all([detections?.finish(succeeded), timeline?.finish(succeeded)]);
  }
}

/** @throws DnnError `EINVAL` for `-dnn_detections` where nothing is detected. */
function requireDetection({ dnnDetections }: Command, detects: boolean): void {
  if (dnnDetections === undefined || detects) return;
  throw new DnnError(
    'EINVAL',
    `-dnn_detections ${dnnDetections}: no filter of the command detects anything; put dnn_detect into the chain, or leave the option out.`,
    { option: 'dnn_detections' },
  );
}

/** @throws DnnError `EINVAL` for what only a job with a DNN filter has. */
function requireDnn({ dnnTimeline }: Command, { trialFrames }: ExecRequest): void {
  if (trialFrames !== undefined)
    throw new DnnError('EINVAL', 'A trial is for a command with a DNN filter, and this one has none.');
  if (dnnTimeline === undefined) return;
  throw new DnnError(
    'EINVAL',
    `-dnn_timeline ${dnnTimeline}: the command has no DNN filter, so it has no stages; leave the option out.`,
    { option: 'dnn_timeline' },
  );
}

function timelineRecorder(
  { dnnTimeline }: Command,
  { context, request }: Execution,
  started: number,
): TimelineRecorder | undefined {
  const send = request.reportsTimeline ? context.timeline : undefined;
  if (dnnTimeline === undefined || request.trialFrames !== undefined)
    return send === undefined ? undefined : new TimelineRecorder({ started, send });
  const path = resolvePath(dnnTimeline, request.cwd);
  const file = new TimelineFile(path, context.store, ownTarget(path, request));
  return new TimelineRecorder({ started, send, file });
}

/** Where a file of this project's own options goes; undefined for the file store. */
function ownTarget(
  path: string,
  { outputs, cwd, defaultOutput }: ExecRequest,
): ExecRequest['defaultOutput'] | ExecRequest['outputs'][number]['target'] {
  return outputs.find((output) => resolvePath(output.path, cwd) === path)?.target ?? defaultOutput;
}

function recorder(
  { dnnDetections }: Command,
  { context, request }: Execution,
  log: Logger,
): DetectionsRecorder {
  const send = request.reportsDetections ? context.detections : undefined;
  if (dnnDetections === undefined || request.trialFrames !== undefined)
    return new DetectionsRecorder({ send, log });
  const path = resolvePath(dnnDetections, request.cwd);
  const file = new DetectionsFile(path, context.store, ownTarget(path, request));
  return new DetectionsRecorder({ send, file, log });
}

async function readScripts(command: Command, { context, request }: Execution): Promise<Map<string, string>> {
  const scripts = new Map<string, string>();
  for (const path of filterScripts(command)) {
    const absolute = resolvePath(path, request.cwd);
    // A missing script is reported by planCommand, with its place in the command line.
    if (context.store.exists(absolute)) scripts.set(path, await context.store.blob(absolute).text());
  }
  return scripts;
}

/** This project's own lines obey `-loglevel` like ffmpeg's. */
function ownLogger(command: Command, context: JobContext): Logger {
  return atLogLevel(logLevelOf(command), (level, message) => {
    context.log({ type: 'stderr', message: level === 'info' ? message : `${level}: ${message}` });
  });
}

function loadInstances(plan: Plan, { context, request }: Execution, log: Logger): Promise<OwnFilter[]> {
  const cores = navigator.hardwareConcurrency;
  // All options are read before the first model is: a typo in the last filter costs no time.
  const parsed = plan.filters.map(
    ({ text, node }) => parseDrawingFilter(text, node, log) ?? { text, options: parseDnnFilter(node, log) },
  );
  const readFile = async (path: string): Promise<Uint8Array> => {
    if (!context.store.exists(path)) throw new Error('No such file or directory');
    return new Uint8Array(await context.store.blob(path).arrayBuffer());
  };
  return Promise.all(
    parsed.map((filter) =>
      isDrawing(filter)
        ? Promise.resolve(filter)
        : loadDnnInstance(filter.text, filter.options, request.cwd, cores, readFile, log),
    ),
  );
}

function startPool(
  instance: DnnInstance,
  place: number,
  context: JobContext,
  log: Logger,
): Promise<InferencePool> {
  const pool = InferencePool.start({
    size: instance.mostWorkers,
    model: {
      backend: instance.context.backendType,
      spec: instance.spec,
      analytics: instance.analytics,
    },
    assets: context.assets,
    label: `${instance.filter.name}_${place}`,
    log,
  });
  pool.catch(() => undefined); // awaited after the planning run
  return pool;
}

function stageFiles({ context, request }: Execution): StageFiles {
  const inputs = [...context.store.files()];
  return { cwd: request.cwd, inputs, directories: context.store.folders() };
}

/** Runs ffmpeg for what it says; its log shows only where it fails. */
async function runDiscarding(args: readonly string[], execution: Execution): Promise<PlanningRun> {
  const lines: string[] = [];
  const stage = new FfmpegStage({
    cores: execution.context.cores,
    files: stageFiles(execution),
    outputs: { mode: 'discard' },
    stdout: 'output',
    onLog: (message) => {
      lines.push(message);
    },
  });
  execution.onRunning({
    stop: () => {
      stage.kill();
    },
  });
  try {
    return { exitCode: await stage.run(args), lines };
  } finally {
    // A stop from now on is for what comes next.
    execution.onRunning(undefined);
  }
}

function failure({ exitCode, lines }: PlanningRun, { context }: Execution): Omit<ExecResult, 'statsPath'> {
  for (const message of lines) context.log({ type: 'stderr', message });
  return { exitCode, stats: noStats };
}

function collector(
  command: Command,
  { context, request }: Execution,
): { output: OutputCollector; writesStdout: boolean } {
  const writesStdout = command.outputs.some(({ url }) => isStdout(url));
  if (request.trialFrames !== undefined) return { output: discardedOutputs(), writesStdout };
  const output = globalThis.crossOriginIsolated
    ? streamOutputs(request, context.store, context.spool, context.assets)
    : memoryOutputs(request, context.store);
  return { output, writesStdout };
}

async function runPlain(
  args: readonly string[],
  command: Command,
  execution: Execution,
): Promise<Omit<ExecResult, 'statsPath'>> {
  const { output, writesStdout } = collector(command, execution);
  const job = new PlainJob(execution.context, stageFiles(execution), output, writesStdout);
  execution.onRunning(job);
  try {
    return { exitCode: await job.run(args), stats: job.stats() };
  } finally {
    execution.onRunning(undefined);
  }
}

/** ffmpeg would ignore the filter and exit with 0; who asks for a network wants to know that it never ran. */
function requireVideo({ chains }: Plan, planning: Planning): void {
  for (const { chain, outputIndex } of chains) {
    if (mappedVideos(planning, outputIndex).length > 0) continue;
    const { name } = chain.dnnFilters[0]!;
    throw new DnnError(
      'EINVAL',
      `No video stream is mapped to the output, so ${name} has nothing to work on; leave -vf out to keep the sound alone.`,
      {
        filter: name,
      },
    );
  }
}

/** The user's words with every DNN filter replaced by ffmpeg's `null`. */
function withoutDnn({ chains, graphs }: Plan, args: readonly string[]): readonly string[] {
  const words = [...args];
  for (const { filterOption, filterText, filterSpecifier, chain } of chains) {
    const text = replaceDnnFilters(filterText, chain.dnnFilters, () => 'null');
    words.splice(filterOption.position, 2, `-filter:${filterSpecifier}`, text);
  }
  for (const { option, parsed } of graphs) {
    if (parsed === undefined) continue;
    const text = replaceFilters(parsed.graph, (_, filter) =>
      parsed.places.has(filter) ? 'null' : undefined,
    );
    words.splice(option.position, 2, '-filter_complex', text);
  }
  return parseCommand(words).argv;
}
