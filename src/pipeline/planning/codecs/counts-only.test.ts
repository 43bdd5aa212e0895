import { describe, expect, it } from 'vitest';
import type { FilterNode } from '../../../filtergraph/filtergraph.ts';
import { splitCommand } from '../../command/command.ts';
import { passPlace, withPassFilters } from '../../command/pass-filters.ts';
import { planCommand, type Plan } from '../../command/plan.ts';
import type { Planning, StreamMapping } from '../planning-log.ts';
import { countsOnly, wordsOnlyCount } from './counts-only.ts';

const context = {
  isOwnFilter: (node: FilterNode) => node.name.text === 'sr' || passPlace(node) !== undefined,
};

function planOf(line: string): Plan {
  const command = splitCommand(line.split(' '));
  const result = planCommand(
    withPassFilters(command, context, () => 'head'),
    context,
  );
  if (result.kind !== 'dnn') throw new Error('not planned');
  return result.plan;
}

describe('wordsOnlyCount', () => {
  it.each([
    ['-y -v info -hwaccel webcodecs -ss 1 -i a -an -f null -', true],
    ['-hwaccel auto -i a -map 0:v -c:v rawvideo -f null -', true],
    ['-hwaccel webcodecs -i a -vf format=rgb24,sr=x -an -f null -', true],
    ['-i a -vf sr=x -an -f null -', false],
    ['-hwaccel webcodecs -i a -an o.mkv', false],
    ['-hwaccel webcodecs -i a -an -f null - -f null -', false],
    ['-hwaccel webcodecs -i a -vf hflip -an -f null -', false],
    ['-hwaccel webcodecs -i a -vf sr=x,showinfo -an -f null -', false],
    ['-hwaccel webcodecs -i a -c:v libx264 -f null -', false],
    ['-hwaccel webcodecs -i a -frames:v 3 -f null -', false],
    ['-hwaccel webcodecs -i a -r 5 -f null -', false],
    ['-hwaccel webcodecs -i a -pix_fmt rgb24 -f null -', false],
    ['-progress p.txt -hwaccel webcodecs -i a -f null -', false],
  ])('%s: %s', (line, expected) => {
    expect(wordsOnlyCount(planOf(line))).toBe(expected);
  });
});

it('asks the planning run which streams there are', () => {
  const plan = planOf('-hwaccel webcodecs -i a -f null -');
  const planningOf = (mappings: readonly StreamMapping[]): Planning => ({
    ...{ frames: [undefined], inputs: [], graphInputs: [] },
    outputs: [{ format: 'null', mappings, streams: [] }],
  });
  const video: StreamMapping = { source: { file: 0, stream: 0 }, kind: 'encode', output: 0 };
  expect(countsOnly(plan, planningOf([video]))).toBe(true);
  expect(countsOnly(plan, planningOf([video, { ...video, output: 1 }]))).toBe(false);
  expect(countsOnly(plan, planningOf([{ ...video, kind: 'copy' }]))).toBe(false);
});
