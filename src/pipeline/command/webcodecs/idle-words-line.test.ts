import { expect, it } from 'vitest';
import { splitCommand } from '../command.ts';
import { idleWordsLines } from './idle-words-line.ts';

const lines = (codec: string): readonly string[] =>
  idleWordsLines(splitCommand(['-i', 'a', '-c:v', `${codec}_webcodecs`, '-preset', 'fast', 'o.mkv']));

it('names what the encoder goes by: a quality where it has one', () => {
  expect(lines('h264')).toEqual([
    expect.stringMatching(/^-preset fast: no effect on h264_webcodecs, .* -b:v/),
  ]);
  expect(lines('h264')[0]).not.toContain('-crf');
  expect(lines('vp9')[0]).toContain('-maxrate, -crf, -qp, -g');
});
