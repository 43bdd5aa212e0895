import { describe, expect, test } from 'vitest';
import { extractFilters, freshLabel, type FilterRole } from './extract-filters.ts';
import { filtersOf } from './filtergraph.ts';
import { parseFiltergraph } from './parse-filtergraph.ts';

/** Keeps the filters at these indices; `S` at an index is a source, `E` an end. */
function extract(
  text: string,
  roles: string,
  { drops = false, inputs = {} }: { drops?: boolean; inputs?: Record<number, string[]> } = {},
): string {
  const graph = parseFiltergraph(text);
  const roleOf = (filter: number): FilterRole | undefined => {
    switch (roles[filter]) {
      case 'k':
        return { kind: 'keep' };
      case 'S':
        return { kind: 'source', text: '[9:0]s' };
      case 'E':
        return { kind: 'end', text: 'e[out]' };
      default:
        return undefined;
    }
  };
  expect(filtersOf(graph)).toHaveLength(roles.length);
  return extractFilters(graph, {
    roleOf,
    inputsOf: (filter) => inputs[filter] ?? [],
    dropsOpenOutputs: drops,
  });
}

describe('extractFilters', () => {
  test.each([
    ["[0:v]drawtext=text='a,b;[c]' , hflip[x]", 'kk', "[0:v]drawtext=text='a,b;[c]' ,hflip[x]"],
    ['sws_flags=x;a,dnn,b[z]', '.Sk', 'sws_flags=x;[9:0]s,b[z]'],
    ['[0:v]a[p];[p]dnn[q];[q]b[z]', '.Sk', '[9:0]s[q];[q]b[z]'],
    ['[0:v]split[a][b];[a]dnn[c];[b][c]hstack', 'kSk', '[0:v]split[a][b];[9:0]s[c];[b][c]hstack;[a]nullsink'],
    ['[0:v]split[b],dnn[c];[b][c]hstack', 'kSk', '[0:v]split[b][cut0];[9:0]s[c];[b][c]hstack;[cut0]nullsink'],
    ['concat=a=1[v][a];[v]dnn[w]', 'kS', 'concat=a=1[v][a];[9:0]s[w];[v]nullsink'],
  ])('%s with %s', (text, roles, expected) => {
    expect(extract(text, roles)).toBe(expected);
  });

  test.each([
    ['[0:v]scale=1:1,dnn[x]', 'kE', '[0:v]scale=1:1,e[out]'],
    ['[0:v]split[a][b];[a]dnn[c];[b][c]hstack', 'kE.', '[0:v]split[a][b];[a]e[out];[b]nullsink'],
    ['concat=a=1[v][a];[v]dnn[w]', 'kE', 'concat=a=1[v][a];[v]e[out];[a]anullsink'],
    ['[0:v]split[a];[a]dnn', 'kE', '[0:v]split[a][cut0];[a]e[out];[cut0]nullsink'],
    ['dnn,null,dnn,null', 'SkE.', '[9:0]s,null,e[out]'],
  ])('%s with %s, other outputs dropped', (text, roles, expected) => {
    expect(extract(text, roles, { drops: true })).toBe(expected);
  });

  test('labels for inputs that had none stand behind what a comma brings', () => {
    expect(extract('overlay', 'k', { inputs: { 0: ['[0:0]', '[1:0]'] } })).toBe('[0:0][1:0]overlay');
    expect(extract('dnn,overlay=1,hflip', 'Skk', { inputs: { 1: ['[1:0]'] } })).toBe(
      '[9:0]s[cut0];[cut0][1:0]overlay=1,hflip',
    );
    expect(extract('[x]overlay', 'k', { inputs: { 0: ['[1:0]'] } })).toBe('[x][1:0]overlay');
  });

  test('new labels are none of the user', () => {
    expect(freshLabel(parseFiltergraph('[cut]null[cut_]'), 'cut')).toBe('cut__');
  });
});
