/** What carrying out one command line takes: given by the session, and what its words add to it. */
import type { Logger } from '../../base/log.ts';
import type { ExecRequest } from '../../workers/pipeline-api.ts';
import type { CoreInput } from '../../media/core-options.ts';
import type { Command } from '../command/command.ts';
import type { JobContext, RunningJob } from './job-context.ts';
import type { RunKind } from './run-kind.ts';

/** One `exec` as the session asks for it. */
export interface Execution {
  readonly context: JobContext;
  readonly request: ExecRequest;
  /**
   * Aborts where the command is to end at once: nothing has been written yet, or nothing is to be finished.
   */
  readonly signal: AbortSignal;
  /** Told of the job that can finish its files after a stop; undefined once there is none. */
  readonly onRunning: (job: RunningJob | undefined) => void;
}

/** A command whose words are read. */
export interface CommandRun extends Execution {
  readonly command: Command;
  readonly kind: RunKind;
  /** Takes this project's own lines. */
  readonly log: Logger;
  /** What ffmpeg finds beside the user's files. */
  readonly fonts: readonly CoreInput[];
  /** When the command was given, by `performance.now()`. */
  readonly started: number;
}
