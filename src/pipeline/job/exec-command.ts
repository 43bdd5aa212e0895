/**
 * One `exec` from the words to the exit code: decides who answers it, this side alone, stock
 * ffmpeg, or a job with DNN filters.
 */
import { raceAbort } from '../../base/abort.ts';
import { filterHelp } from '../../filters/filter-help.ts';
import { resolvePath } from '../../media/resolve-path.ts';
import { noStats } from '../../workers/no-stats.ts';
import type { ExecResult } from '../../workers/pipeline-api.ts';
import { requireOutput, splitCommand, type Command } from '../command/command.ts';
import { codecLines } from '../codecs/capabilities/list-codecs.ts';
import { requireDetection, requireDnn } from '../command/dnn-only-options.ts';
import { usesWebCodecs } from '../command/hwaccel.ts';
import { overwriteRefusal } from '../command/overwrite.ts';
import { withPassFilters } from '../command/pass-filters.ts';
import { filterTexts, planCommand, type PlanContext, type PlanResult } from '../command/plan.ts';
import { browserEncoder } from '../command/webcodecs/browser-encoder.ts';
import { idleWordsLines } from '../command/webcodecs/idle-words-line.ts';
import { requireChains } from '../command/webcodecs/require-chains.ts';
import { usesBrowserEncoder } from '../command/webcodecs/stand-in-encoder.ts';
import { refuseEncoders } from '../command/refused-encoders.ts';
import { encoderHelp } from '../command/webcodecs/encoder-help.ts';
import { tellFallback } from '../codecs/tell-fallback.ts';
import { isLocalFilter } from '../inference/local-filters.ts';
import { readByGraph } from '../planning/codecs/decoder-plan.ts';
import { graphFiles } from '../planning/codecs/graph-files.ts';
import { execDnn } from './exec-dnn.ts';
import { execPlain } from './exec-plain.ts';
import type { CommandRun, Execution } from './execution.ts';
import { findFonts } from '../ffmpeg/find-fonts.ts';
import { collectOutputs } from './output-collector.ts';
import { ownLogger } from './own-logger.ts';
import { mayHoldAv1, withAv1Marks } from './plan-inputs.ts';
import { readScripts } from './read-scripts.ts';
import { runKindOf } from './run-kind.ts';

/**
 * Runs a command line.
 *
 * @throws DnnError where this project's part refuses or fails; ffmpeg's own failures are exit codes
 * @throws the signal's reason, or what failed because of it
 */
export async function execCommand(execution: Execution): Promise<ExecResult> {
  const { context, request } = execution;
  const { store } = context;
  const { args, cwd } = request;
  const started = performance.now();
  const help = filterHelp(args) ?? encoderHelp(args);
  if (help !== undefined) {
    for (const message of help.split('\n')) context.log({ type: 'stdout', message });
    return { exitCode: 0, stats: noStats };
  }
  const command = splitCommand(args);
  refuseEncoders(command);
  const refusal = overwriteRefusal(command, (path) => store.exists(resolvePath(path, cwd)));
  if (refusal !== null) {
    context.log({ type: 'stderr', message: refusal });
    return { exitCode: 1, stats: noStats };
  }
  const { dnnStats } = command;
  const statsPath = dnnStats === undefined ? undefined : resolvePath(dnnStats, cwd);
  const kind = runKindOf(request, (mending) => collectOutputs(request, context, mending));
  const words = { ...execution, command, kind, log: ownLogger(command, context), started };
  return { ...(await carryOut(words)), statsPath };
}

/** The user's command; where no DNN filter is in it, with what lets codecs of the browser in. */
function planStages(command: Command, context: PlanContext): PlanResult {
  const planned = planCommand(command, context);
  const decodes = planned.kind === 'plain' && (usesWebCodecs(command) || mayHoldAv1(command));
  if (!decodes && !usesBrowserEncoder(command)) return planned;
  const passed = withPassFilters(command, context, (output) => {
    if (decodes) return 'head';
    return browserEncoder(output) === undefined ? undefined : 'tail';
  });
  const result = planCommand(passed, context);
  requireChains(result, command, context);
  return result;
}

/** Says that ffmpeg decodes what complex graphs read; those with DNN filters are told of by their jobs. */
function tellGraphs(words: Omit<CommandRun, 'fonts'>, planning: PlanContext): void {
  if (words.command.printsOnly || !usesWebCodecs(words.command)) return;
  const { inputs } = words.command;
  const files = graphFiles(filterTexts({ ...words.command, outputs: [] }, planning));
  for (const file of files.filter((number) => number < inputs.length)) tellFallback(words, file, readByGraph);
}

async function carryOut(words: Omit<CommandRun, 'fonts'>): Promise<ExecResult> {
  const { context, request, kind, signal, log } = words;
  const { store } = context;
  const command = await raceAbort(withAv1Marks(words.command, store, request.cwd), signal);
  const scripts = await raceAbort(readScripts(command, store, request.cwd), signal);
  const planning = { isOwnFilter: isLocalFilter, scripts };
  const planned = planStages(command, planning);
  if (planned.kind === 'plain' || planned.plan.graphs.length === 0) tellGraphs(words, planning);
  for (const line of idleWordsLines(command)) log('warning', line);
  const texts = command.printsOnly ? [] : filterTexts(command, planning);
  const fonts = await raceAbort(findFonts(texts, store, request.cwd, log), signal);
  if (fonts.refusal !== undefined) {
    context.log({ type: 'stderr', message: fonts.refusal });
    return { exitCode: 1, stats: noStats };
  }
  const run = { ...words, command, fonts: fonts.inputs };
  if (planned.kind === 'dnn') {
    requireOutput(command);
    return execDnn(planned.plan, run);
  }
  requireDetection(command, false);
  requireDnn(command, kind.plainRefusal);
  const result = await execPlain(planned.argv, run);
  for (const message of await raceAbort(codecLines(command, context.assets), signal))
    context.log({ type: 'stdout', message });
  return result;
}
