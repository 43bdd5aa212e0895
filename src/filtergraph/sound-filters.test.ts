import { expect, it } from 'vitest';
import { filtersOf } from './filtergraph.ts';
import { parseFiltergraph } from './parse-filtergraph.ts';
import { givesOnlySound } from './sound-filters.ts';

it.each([
  ['volume=2', true],
  ['amix=inputs=3', true],
  ['concat=n=2:v=0:a=1', true],
  ['concat=n=2:v=1:a=1', false],
  ['showwaves', false],
  ['ebur128=video=1', false],
  ['ebur128', true],
  ['hflip', false],
  ['a_filter_to_come', false],
])('%s: %s', (text, isSound) => {
  expect(givesOnlySound(filtersOf(parseFiltergraph(text))[0]!)).toBe(isSound);
});
