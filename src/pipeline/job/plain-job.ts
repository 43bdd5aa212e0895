/**
 * Runs a command without DNN filters: one stock ffmpeg.wasm, the user's words unchanged. Needs no isolation.
 */
import type { FollowedLog } from '../../media/mp4/followed-log.ts';
import type { JobStats } from '../../workers/pipeline-api.ts';
import { stoppedExitCode } from '../command/exit-codes.ts';
import { statusCounts, type StatusCounts } from '../command/status-counts.ts';
import { FfmpegStage } from '../ffmpeg/ffmpeg-stage.ts';
import type { JobContext, RunningJob } from './job-context.ts';
import type { OutputCollector } from './output-collector.ts';
import type { StageFiles } from '../ffmpeg/stage-files.ts';

export interface PlainJobOptions {
  /** Whether standard output is one of the outputs. */
  readonly writesStdout?: boolean;
  /** Of `-dnn_watchdog`. */
  readonly watchdogSeconds?: number | undefined;
  /** Where the log tells packets. */
  readonly followed?: FollowedLog | undefined;
}

export class PlainJob implements RunningJob {
  readonly #stage: FfmpegStage;
  readonly #output: OutputCollector;
  readonly #started = performance.now();
  /** By ffmpeg's last status line. */
  #counts: StatusCounts = { frame: 0, fps: 0 };
  #stops = 0;
  #isKilled = false;
  readonly cannotPause =
    'This job cannot be paused: without a DNN filter stock ffmpeg runs by itself; wait for it, or stop it.';

  constructor(
    context: JobContext,
    files: StageFiles,
    output: OutputCollector,
    { writesStdout = false, watchdogSeconds, followed }: PlainJobOptions = {},
  ) {
    this.#output = output;
    this.#stage = new FfmpegStage({
      cores: context.cores,
      name: 'ffmpeg',
      watchdogSeconds,
      ...(followed === undefined ? {} : { followed }),
      files,
      outputs: output.coreOutputs,
      onOutput: output.onOutput?.bind(output),
      stdout: writesStdout ? 'output' : 'log',
      onLog: (message, type) => {
        this.#counts = statusCounts(message) ?? this.#counts;
        context.log({ type: type === 'stdout' ? 'stdout' : 'stderr', message });
      },
      onProgress: (progress, microseconds) => {
        const time = microseconds / 1e6;
        const isKnown = progress >= 0 && progress <= 1;
        context.progress({ ...this.#counts, time, ...(isKnown ? { progress } : {}) });
      },
    });
  }

  stop(): void {
    this.#stops += 1;
    // Before it has begun there is no file to be finished.
    if (this.#stops === 1 && this.#stage.hasStarted && this.#stage.requestQuit()) return;
    this.#isKilled = true;
    this.#stage.kill();
  }

  /** @returns ffmpeg's exit code; 255 after a stop. */
  async run(args: readonly string[], program: 'ffmpeg' | 'ffprobe' = 'ffmpeg'): Promise<number> {
    try {
      const exitCode = await this.#stage.run(args, program);
      await this.#output.finish();
      return this.#stops > 0 ? stoppedExitCode : exitCode;
    } catch (error) {
      // What was written until then is kept; why it is not complete is known.
      await this.#output.finish().catch(() => undefined);
      if (this.#isKilled) return stoppedExitCode;
      throw error;
    } finally {
      this.#output.abort();
    }
  }

  stats(): JobStats {
    const stage = this.#stage.stats('', this.#counts.frame);
    return {
      frames_in: 0,
      frames_out: this.#counts.frame,
      seconds_load: Math.max(0, Math.round(performance.now() - this.#started) / 1000 - stage.seconds_wall),
      seconds: stage.seconds_wall,
      stages: [stage],
      page: { longest_task_ms: 0 },
      memory: { peak_bytes: this.#stage.memoryBytes },
    };
  }
}
