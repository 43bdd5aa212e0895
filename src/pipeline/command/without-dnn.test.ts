import { expect, test } from 'vitest';
import type { FilterNode } from '../../filtergraph/filtergraph.ts';
import { parseCommand } from './command.ts';
import { planCommand } from './plan.ts';
import { withoutDnn } from './without-dnn.ts';

const isOwnFilter = ({ name }: FilterNode): boolean => name.text === 'sr';

function plain(args: readonly string[], scripts = new Map<string, string>()): readonly string[] {
  const result = planCommand(parseCommand(args), { isOwnFilter, scripts });
  if (result.kind !== 'dnn') throw new Error('not planned');
  return withoutDnn(result.plan, args);
}

test('in a chain null stands for each DNN filter', () => {
  const words = ['-i', 'a', '-vf', "scale=4:4,sr=model='a,b',hflip,sr=x", '-c:a', 'copy', 'o.mkv'];
  expect(plain(words)).toEqual([
    ...['-i', 'a', '-filter:v', 'scale=4:4,null,hflip,null'],
    ...['-c:a', 'copy', 'o.mkv'],
  ]);
});

test('in a complex graph too, and labels stay', () => {
  const words = ['-i', 'a', '-filter_complex', '[0:v]split[a][b];[a]sr=x[c];[c][b]hstack', 'o.mkv'];
  expect(plain(words)[3]).toBe('[0:v]split[a][b];[a]null[c];[c][b]hstack');
});

test('a script becomes its text, and own options go', () => {
  const words = ['-dnn_stats', 's.json', '-i', 'a', '-filter_script:v', 'f.txt', 'o.mkv'];
  const result = plain(words, new Map([['f.txt', 'sr=x,hflip']]));
  expect(result).toEqual(['-i', 'a', '-filter:v', 'null,hflip', 'o.mkv']);
});
