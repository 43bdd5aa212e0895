/** The level of `-loglevel`, which holds for this project's own lines too. */
import { logLevels, type LogLevel } from '../../base/log.ts';
import type { Command } from './command.ts';

const names = Object.keys(logLevels) as LogLevel[];

/**
 * The level that a command asks for; ffmpeg's default is `info`. Flags such as `repeat+` are left to ffmpeg.
 */
export function logLevelOf(command: Command): LogLevel {
  const option = command.global.findLast(({ name }) => name === 'v' || name === 'loglevel');
  return levelNamed(option?.value ?? 'info');
}

/** The level that a value of `-loglevel` names. */
export function levelNamed(value: string): LogLevel {
  const text = value.split('+').at(-1)!;
  const number = Number(text);
  // Between two levels the next lower one decides, as for av_log.
  if (text !== '' && Number.isFinite(number))
    return names.findLast((name) => logLevels[name] <= number) ?? 'quiet';
  return names.find((name) => name === text) ?? 'info';
}
