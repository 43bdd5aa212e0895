import { describe, expect, test } from 'vitest';
import { atLogLevel, isLogged, silentLogger, type LogLevel } from './log.ts';

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

  test('what is below the threshold is dropped', () => {
    const { lines, log } = collector();
    const filtered = atLogLevel('warning', log);
    filtered('warning', 'one');
    filtered('verbose', 'two');
    silentLogger('error', 'three');
    expect(lines).toEqual(['warning: one']);
  });
});
