/**
 * Carries out a command with DNN filters: makes them ready, plans, runs what the plan
 * asks for, and completes own files.
 */
import { onAbort } from '../../base/abort.ts';
import { noStats } from '../../workers/no-stats.ts';
import type { ExecResult } from '../../workers/pipeline-api.ts';
import type { CodecWorkers } from '../codecs/codec-workers.ts';
import { startCodecs } from '../codecs/start-codecs.ts';
import { tellFallback } from '../codecs/tell-fallback.ts';
import { requireDetection, requireTrial } from '../command/dnn-only-options.ts';
import { isIsolated } from '../command/isolation.ts';
import type { Plan } from '../command/plan.ts';
import { requireEvenSizes } from '../command/webcodecs/require-even-sizes.ts';
import { withoutDnn } from '../command/without-dnn.ts';
import { mappedVideos } from '../planning/video-mapping.ts';
import type { Planning } from '../planning/planning-log.ts';
import { wordsOnlyCount } from '../planning/codecs/counts-only.ts';
import { onlyDecodes, withoutIdlePasses, type PlannedPart } from '../planning/codecs/idle-passes.ts';
import { unseenFrames } from '../planning/codecs/unseen-frames.ts';
import { requireVideo } from '../planning/require-video.ts';
import { execInContainers } from './containers/exec-in-containers.ts';
import { execPlain } from './exec-plain.ts';
import type { CommandRun } from './execution.ts';
import { startRecorders } from './job-recorders.ts';
import { planInputs } from './plan-inputs.ts';
import { loadFilters, startFilters } from './prepare-filters.ts';
import { runDnnJob, type PreparedCommand } from './run-dnn-job.ts';

/**
 * @throws DnnError where the page, a filter, a model, the inference or an output fails;
 * ffmpeg's failures are exit codes
 */
export async function execDnn(plan: Plan, run: CommandRun): Promise<ExecResult> {
  if (onlyDecodes(plan) && !isIsolated()) {
    for (const file of run.command.inputs.keys())
      tellFallback(run, file, 'the page is not cross-origin isolated');
    return execWithoutPasses(run);
  }
  if (!isIsolated()) return execInContainers(plan, run);
  // The planning run's core decodes afterwards; the one that encodes, if any, loads meanwhile.
  run.context.cores.prepare(wordsOnlyCount(plan) ? 1 : 2);
  const codecWorkers = startCodecs(plan, run.context.assets);
  try {
    return await execIsolated(plan, codecWorkers, run);
  } finally {
    codecWorkers.end();
  }
}

async function execIsolated(plan: Plan, codecWorkers: CodecWorkers, run: CommandRun): Promise<ExecResult> {
  const filters = await loadFilters(plan, run);
  const detects = filters.some((filter) => filter.detects);
  requireDetection(run.command, detects);
  const recorders = startRecorders(run, detects);
  const engines = startFilters(filters, run);
  const endEngines = (reason?: unknown): void => {
    for (const engine of engines) engine.terminate(reason);
  };
  const stopListening = onAbort(run.signal, endEngines);
  let succeeded = false;
  try {
    const result = await planAndRun({ plan, filters, engines, recorders, codecWorkers }, run);
    succeeded = result.exitCode === 0;
    return result;
  } finally {
    run.onRunning(undefined);
    stopListening();
    endEngines();
    // Last, since the target of a file may fail.
    await recorders.finish(succeeded);
  }
}

async function planAndRun(prepared: PreparedCommand, run: CommandRun): Promise<ExecResult> {
  const { filters } = prepared;
  const { plan, result: planned, needsBrowser, forRuns } = await planInputs(prepared.plan, filters, run);
  const isOptional = onlyDecodes(plan) && !needsBrowser;
  switch (planned.kind) {
    case 'failed':
      if (isOptional) return execWithoutPasses(run);
      requireEvenSizes(planned.run.lines, run.command);
      for (const message of planned.run.lines) run.context.log({ type: 'stderr', message });
      return { exitCode: planned.run.exitCode, stats: noStats };
    case 'no-frames':
      if (isOptional) {
        for (const [file, reason] of unseenFrames(plan, planned)) tellFallback(run, file, reason);
        return execWithoutPasses(run);
      }
      requireVideo(plan, planned.planning);
      // No pixel depends on the DNN filters then, and what ffmpeg does without frames is the answer.
      return execPlain(withoutDnn(plan, run.request.args), run);
    case 'planned': {
      const part = withoutIdlePasses(plan, planned.planning, run.command);
      tellIdle(part, plan, planned.planning, run);
      if (part.kept.length === 0) return execWithoutPasses(run);
      const { plan: kept, planning } = part;
      const keptFilters = part.kept.map((index) => filters[index]!);
      const engines = part.kept.map((index) => prepared.engines[index]!);
      return runDnnJob(
        { ...prepared, plan: kept, filters: keptFilters, engines },
        { ...planned, planning, forRuns },
        run,
      );
    }
  }
}

/** Says of which inputs the browser would have to decode something else than one video that is known here. */
function tellIdle(part: PlannedPart, plan: Plan, planning: Planning, run: CommandRun): void {
  const filesOf = ({ chains }: Plan): number[] =>
    chains.flatMap(({ outputIndex }) =>
      mappedVideos(planning, outputIndex).flatMap(({ source }) => source?.file ?? []),
    );
  const used = filesOf(part.plan);
  for (const file of new Set(filesOf(plan).filter((candidate) => !used.includes(candidate))))
    tellFallback(run, file, 'its output takes several videos, or frames of a format that is not known here');
}

/** The user's words for stock ffmpeg, where no decoder of the browser is of use. */
function execWithoutPasses(run: CommandRun): Promise<ExecResult> {
  requireTrial(run.kind.plainRefusal);
  return execPlain(run.command.argv, run);
}
