import { expect, test } from 'vitest';
import { filterProblem } from './filter-check.ts';
import { presets } from './presets.ts';

test('the presets are right', () => {
  for (const { id, filter } of presets) expect(filterProblem(filter), id).toBeUndefined();
  expect(filterProblem(' ')).toBeUndefined();
  expect(filterProblem('nosuchfilter=1')).toBeUndefined();
});

test('the caret is under the place', () => {
  const lines = filterProblem('hflip,dnn_processing=modle=a.pb')!.split('\n');
  expect(lines[0]).toContain("Option 'modle' of dnn_processing not found: did you mean model?");
  expect(lines[2]!.indexOf('^')).toBe(lines[1]!.indexOf('modle'));
  expect(filterProblem('dnn_detect=confidence=2')).toContain('out of range');
  expect(filterProblem("dnn_processing=model='a")).toBeUndefined();
  expect(filterProblem('hflip[')).toContain('^');
});
