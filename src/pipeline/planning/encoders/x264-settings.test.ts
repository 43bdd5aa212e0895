/** How the words of an output become x264's settings. */
import { expect, it } from 'vitest';
import { parseCommand } from '../../command/command.ts';
import { x264Settings } from './x264-settings.ts';

const settingsOf = (words: string) => {
  const [output] = parseCommand(`${words} out.mp4`.trim().split(' ')).outputs;
  return x264Settings(output!.options);
};

// x264 164, common/base.c.
it.each([
  ['', { lookahead: 40, refs: 3, bframes: 3, keyint: 250, mbtree: true, quantiser: 23, subme: 7 }],
  ['-preset 0', { lookahead: 0, refs: 1, bframes: 0, mbtree: false, weightp: false, subme: 0 }],
  ['-preset 8', { lookahead: 60, refs: 16, bframes: 8 }],
  ['-preset placebo', { lookahead: 60, refs: 16, bframes: 16, exhaustive: true }],
  ['-tune animation', { refs: 6, bframes: 5 }],
  ['-preset veryfast -tune film,animation', { refs: 1, bframes: 5, lookahead: 10 }],
  ['-tune zerolatency', { lookahead: 0, bframes: 0, mbtree: false }],
  ['-tune fastdecode', { weightp: false }],
  ['-profile:v baseline', { bframes: 0, weightp: false }],
  ['-refs 5 -bf 0 -g 50', { refs: 5, bframes: 0, keyint: 50, isRefsGiven: true }],
  ['-refs -1 -bf -1 -crf -1 -rc-lookahead -1', { refs: 3, bframes: 3, quantiser: 23, isRefsGiven: false }],
  ['-rc-lookahead 7 -rc-lookahead:v 9 -rc-lookahead:a 2', { lookahead: 9, isLookaheadGiven: true }],
  ['-rc-lookahead 7 -x264-params rc_lookahead=8', { lookahead: 8, isLookaheadGiven: true }],
  ['-x264opts no-mbtree:no-b-pyramid=0:frameref=2', { mbtree: false, pyramid: true, refs: 2 }],
  [
    '-x264-params keyint=infinite:interlaced:me=tesa',
    { keyint: Infinity, interlaced: true, exhaustive: true },
  ],
  ['-b:v 2M -bufsize 4M -b:a 128k', { quantiser: undefined, vbv: true }],
  ['-b:a 128k', { quantiser: 23 }],
  ['-qp 20', { quantiser: 20, constantQuantiser: true }],
  ['-flags +ildct+ilme', { interlaced: true }],
  ['-mbtree 0 -weightp none -subq 1', { mbtree: false, weightp: false, subme: 1 }],
])('%s', (words, settings) => {
  expect(settingsOf(words)).toMatchObject(settings);
});
