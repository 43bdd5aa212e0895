import { describe, expect, test } from 'vitest';
import { atLogLevel, isLogged, silentLogger, withLogContext, type LogLevel } from './log.ts';

function collector(): { lines: string[]; log: (level: LogLevel, message: string) => void } {
  const lines: string[] = [];
  return { lines, log: (level, message) => lines.push(`${level}: ${message}`) };
}

describe('log levels', () => {
  test('a threshold lets the same and more urgent levels through', () => {
    expect(isLogged('error', 'warning')).toBe(true);
    expect(isLogged('warning', 'warning')).toBe(true);
    expect(isLogged('info', 'warning')).toBe(false);
    expect(isLogged('panic', 'quiet')).toBe(false);
    expect(isLogged('quiet', 'trace')).toBe(false);
  });

  test('loggers nest', () => {
    const { lines, log } = collector();
    const nested = atLogLevel('warning', withLogContext('sr', log));
    nested('warning', 'one');
    nested('verbose', 'two');
    silentLogger('error', 'three');
    expect(lines).toEqual(['warning: [sr] one']);
  });
});
