import { expect, it } from 'vitest';
import { graphFiles } from './graph-files.ts';

it.each([
  [['[0:v]hflip[v]'], [0]],
  [['[1:v:0][0:V]overlay[v]'], [0, 1]],
  [
    ['[2:1]null', '[0]scale=2:2'],
    [0, 2],
  ],
  [['[0:v]split[a][b];[a][b]hstack'], [0]],
  [['[0:a]volume=2[s]'], []],
  [['[0]volume=2[s]'], []],
  [['hflip'], []],
  [['scale=['], []],
])('%j reads %j', (texts, files) => {
  expect(graphFiles(texts)).toEqual(files);
});
