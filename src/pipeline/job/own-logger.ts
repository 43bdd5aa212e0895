/** This project's own lines among ffmpeg's. */
import { atLogLevel, type Logger } from '../../base/log.ts';
import type { Command } from '../command/command.ts';
import { logLevelOf } from '../command/log-level.ts';
import type { JobContext } from './job-context.ts';

/** Own lines obey the command's `-loglevel` like ffmpeg's. */
export function ownLogger(command: Command, context: Pick<JobContext, 'log'>): Logger {
  return atLogLevel(logLevelOf(command), (level, message) => {
    context.log({ type: 'stderr', message: level === 'info' ? message : `${level}: ${message}` });
  });
}
