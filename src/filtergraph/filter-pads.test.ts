import { expect, test } from 'vitest';
import { filtersOf } from './filtergraph.ts';
import { inputCount, outputMedia } from './filter-pads.ts';
import { parseFiltergraph } from './parse-filtergraph.ts';

const node = (text: string) => filtersOf(parseFiltergraph(text))[0]!;

test.each([
  ['scale=1:1', 1],
  ['overlay=5:5', 2],
  ['hstack', 2],
  ['hstack=3', 3],
  ['hstack@top=inputs=4:shortest=1', 4],
  ['interleave=n=5', 5],
  ['concat=n=3:v=1:a=2', 9],
  ['concat', 2],
  ['maskedmerge', 3],
  ['premultiply', 2],
  ['premultiply=inplace=1', 1],
])('%s has %d inputs', (text, count) => {
  expect(inputCount(node(text))).toBe(count);
});

test.each([
  ['null', 'v'],
  ['split', 'vv'],
  ['split=3', 'vvv'],
  ['asplit=outputs=2', 'aa'],
  ['concat=v=1:a=1', 'va'],
  ["movie=x.mp4:s='dv+da'", 'va'],
  ['amovie=x.mp4', 'a'],
  ['ebur128=video=1', 'va'],
  ['aphasemeter', 'av'],
  ['scale2ref', 'vv'],
])('%s gives %s', (text, media) => {
  expect(
    outputMedia(node(text))
      .map((kind) => kind[0])
      .join(''),
  ).toBe(media);
});
