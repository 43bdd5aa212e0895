import { expect, test } from 'vitest';
import { parseCommand } from './command.ts';
import { logLevelOf } from './log-level.ts';

test.each([
  [[], 'info'],
  [['-v', 'error'], 'error'],
  [['-loglevel', 'repeat+warning'], 'warning'],
  [['-v', '17'], 'error'],
  [['-v', '-99'], 'quiet'],
  [['-v', 'quiet', '-v', 'debug'], 'debug'],
])('%j asks for level %s', (options, level) => {
  expect(logLevelOf(parseCommand([...options, '-i', 'a', 'b']))).toBe(level);
});
