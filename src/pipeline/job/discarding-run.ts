/** Runs ffmpeg for what it says. */
import type { PlanningRun } from '../planning/planning-run.ts';
import type { Execution } from './execution.ts';
import { FfmpegStage } from '../ffmpeg/ffmpeg-stage.ts';
import { stageFiles } from '../ffmpeg/stage-files.ts';

/**
 * Runs ffmpeg, drops its outputs and keeps its log to itself; a stop meanwhile ends it at once.
 *
 * @throws DnnError `EIO` where the core crashes, or was stopped.
 */
export async function runDiscarding(
  args: readonly string[],
  { context, request, onRunning }: Execution,
): Promise<PlanningRun> {
  const lines: string[] = [];
  const stage = new FfmpegStage({
    cores: context.cores,
    files: stageFiles(context.store, request.cwd),
    outputs: { mode: 'discard' },
    stdout: 'output',
    onLog: (message) => {
      lines.push(message);
    },
  });
  onRunning({
    stop: () => {
      stage.kill();
    },
  });
  try {
    return { exitCode: await stage.run(args), lines };
  } finally {
    // A stop from now on is for what comes next.
    onRunning(undefined);
  }
}
