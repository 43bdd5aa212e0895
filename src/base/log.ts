/** Log levels and the logger type; levels and numbers are those of libavutil/log.h. */

/** FFmpeg's AV_LOG_* values: the higher the number, the more detail. */
export const logLevels = {
  quiet: -8,
  panic: 0,
  fatal: 8,
  error: 16,
  warning: 24,
  info: 32,
  verbose: 40,
  debug: 48,
  trace: 56,
} as const;

export type LogLevel = keyof typeof logLevels;

/** Receives one line without a line end. It must not throw. */
export type Logger = (level: LogLevel, message: string) => void;

/** True where a message of this level is shown under the given `-loglevel`. */
export function isLogged(level: LogLevel, threshold: LogLevel): boolean {
  return level !== 'quiet' && logLevels[level] <= logLevels[threshold];
}

/** Passes on only what the threshold lets through. */
export function atLogLevel(threshold: LogLevel, logger: Logger): Logger {
  return (level, message) => {
    if (isLogged(level, threshold)) logger(level, message);
  };
}

/** Drops everything. */
export const silentLogger: Logger = () => undefined;
