import { describe, expect, it } from 'vitest';
import { filtersOf, type FilterNode } from '../../filtergraph/filtergraph.ts';
import { parseFiltergraph } from '../../filtergraph/parse-filtergraph.ts';
import { optionWords, splitCommand } from './command.ts';
import { passPlace, withPassFilters, type PassPlace } from './pass-filters.ts';
import { planCommand, type PlanContext } from './plan.ts';

const isOwnFilter = (node: FilterNode): boolean => node.name.text === 'sr' || passPlace(node) !== undefined;
const context: PlanContext = { isOwnFilter, scripts: new Map([['f.txt', 'hflip']]) };

/** Options of the outputs, each output behind a `|`. */
function words(args: readonly string[], place: PassPlace = 'head'): string {
  const { outputs } = withPassFilters(splitCommand(args), context, () => place);
  return outputs.map(({ options, url }) => [...optionWords(options), url].join(' ')).join(' | ');
}

describe('withPassFilters', () => {
  it.each([
    ['-i a o.mkv', '-filter:v:0 null@decoded o.mkv'],
    ['-i a -vf hflip,vflip o.mkv', '-filter:v null@decoded,hflip,vflip o.mkv'],
    ['-i a -filter:v:0 [in]hflip[out] o.mkv', '-filter:v:0 [in]null@decoded,hflip[out] o.mkv'],
    ['-i a -filter_script:v f.txt o.mkv', '-filter:v null@decoded,hflip o.mkv'],
    ['-i a -vf sws_flags=area;scale=2:2 o.mkv', '-filter:v sws_flags=area;null@decoded,scale=2:2 o.mkv'],
    ['-i a -vf split[a][b];[a][b]hstack o.mkv', '-filter:v null@decoded,split[a][b];[a][b]hstack o.mkv'],
    [
      '-i a -filter_complex [0:a]anull[s] -map 0:v -map [s] o.mkv',
      '-map 0:v -map [s] -filter:v:0 null@decoded o.mkv',
    ],
    ['-i a -vn o.mp3 -map 0:v p.mkv', '-vn o.mp3 | -map 0:v -filter:v:0 null@decoded p.mkv'],
  ])('puts one before the filters: %s', (line, expected) => {
    expect(words(line.split(' '))).toBe(expected);
  });

  it.each([
    ['-i a o.mkv', '-filter:v:0 null@encoded o.mkv'],
    ['-i a -vf hflip o.mkv', '-filter:v hflip,null@encoded o.mkv'],
    ['-i a -vf [in]split[a][b];[a][b]hstack[out] o.mkv', /hstack,null@encoded\[out\] o\.mkv$/],
  ])('or behind them: %s', (line, expected) => {
    expect(words(line.split(' '), 'tail')).toMatch(expected);
  });

  it.each([
    '-i a -c:v copy o.mkv',
    '-i a -c copy o.mkv',
    '-i a -vn o.mp3',
    '-i a -vf sr=x o.mkv',
    '-i a -vf scale=[ o.mkv',
    '-i a -vf movie=x[m];[in][m]overlay o.mkv',
    '-i a -filter_complex hflip o.mkv',
    '-i a -filter_complex [0:v]hflip[v] -map [v] o.mkv',
  ])('leaves %s alone', (line) => {
    expect(words(line.split(' '))).toBe(optionsOf(line));
  });

  it('lets a plan cut the chain there', () => {
    const staged = withPassFilters(splitCommand('-i a -vf hflip o.mkv'.split(' ')), context, () => 'head');
    const result = planCommand(staged, context);
    if (result.kind !== 'dnn') throw new Error('not planned');
    expect(result.plan.filters.map(({ text }) => text)).toEqual(['null@decoded']);
    expect(result.plan.chains[0]!.chain.parts.map((part) => part?.chains[0]?.text)).toEqual([
      undefined,
      'hflip',
    ]);
  });
});

function optionsOf(line: string): string {
  const { outputs } = splitCommand(line.split(' '));
  return outputs.map(({ options, url }) => [...optionWords(options), url].join(' ')).join(' | ');
}

it('knows its own filters from the user’s', () => {
  const places = ['null@decoded', 'null@encoded', 'null', 'null@x', 'hflip@decoded'].map((text) =>
    passPlace(filtersOf(parseFiltergraph(text))[0]!),
  );
  expect(places).toEqual(['head', 'tail', undefined, undefined, undefined]);
});
