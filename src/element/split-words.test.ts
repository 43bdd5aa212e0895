import { expect, test } from 'vitest';
import { splitWords } from './split-words.ts';

test('blanks separate, quotes keep together', () => {
  expect(splitWords(`  -metadata title="a b"  -x 'c d'e `)).toEqual(['-metadata', 'title=a b', '-x', 'c de']);
  expect(splitWords('')).toEqual([]);
});
