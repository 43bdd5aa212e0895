/** Carries out a command with stock ffmpeg alone. */
import type { ExecResult } from '../../workers/pipeline-api.ts';
import { followedCommand } from '../planning/follow-packets.ts';
import type { CommandRun } from './execution.ts';
import { isStdout } from './output-collector.ts';
import { PlainJob } from './plain-job.ts';
import { plainTemplates } from '../ffmpeg/plain-templates.ts';
import { stageFiles } from '../ffmpeg/stage-files.ts';

/**
 * @param args ffmpeg's words, without those of this project.
 * @throws DnnError `EIO` where the core or an output fails; the signal's reason before the start.
 */
export async function execPlain(
  args: readonly string[],
  { context, request, command, kind, log, signal, fonts, onRunning }: CommandRun,
): Promise<ExecResult> {
  signal.throwIfAborted();
  const writesStdout = command.outputs.some(({ url }) => isStdout(url));
  const files = stageFiles(context.store, request.cwd, fonts);
  const following = followedCommand(args);
  const mending = following && { templateOf: plainTemplates(context.cores, files, following.shortArgs), log };
  const job = new PlainJob(context, files, kind.collectOutputs(mending), {
    ...{ writesStdout, watchdogSeconds: command.dnnWatchdog, followed: following?.followed },
  });
  onRunning(job);
  try {
    return { exitCode: await job.run(following?.args ?? args), stats: job.stats() };
  } finally {
    onRunning(undefined);
  }
}
