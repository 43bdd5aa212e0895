/** Runs ffmpeg for what it says. */
import { onAbort, raceAbort } from '../../base/abort.ts';
import type { PlanningRun } from '../planning/planning-run.ts';
import type { CommandRun } from './execution.ts';
import { FfmpegStage } from '../ffmpeg/ffmpeg-stage.ts';
import { stageFiles } from '../ffmpeg/stage-files.ts';

/**
 * Runs ffmpeg, drops its outputs and keeps its log to itself.
 *
 * @throws DnnError `EIO` where the core crashes or hangs; the signal's reason.
 */
export async function runDiscarding(
  args: readonly string[],
  { context, request, command, signal, fonts }: CommandRun,
): Promise<PlanningRun> {
  signal.throwIfAborted();
  const lines: string[] = [];
  const stage = new FfmpegStage({
    cores: context.cores,
    name: 'The planning run',
    watchdogSeconds: command.dnnWatchdog,
    files: stageFiles(context.store, request.cwd, fonts),
    outputs: { mode: 'discard' },
    stdout: 'output',
    onLog: (message) => {
      lines.push(message);
    },
  });
  const stopListening = onAbort(signal, () => {
    stage.kill();
  });
  try {
    return { exitCode: await raceAbort(stage.run(args), signal), lines };
  } finally {
    stopListening();
  }
}
