import { expect, test } from 'vitest';
import type { NutStream } from '../../../media/nut/nut-stream.ts';
import { parseCommand } from '../../command/command.ts';
import { encoderTimes } from './encoder-times.ts';

const info: NutStream = {
  ...{ format: 'yuv420p', width: 64, height: 48, sampleAspectRatio: { num: 1, den: 1 } },
  timeBase: { num: 1, den: 60000 },
  frameRate: { num: 30000, den: 1001 },
};

function times(words: string, stream = info) {
  const output = parseCommand(`-i a ${words} o.mp4`.replace(/ +/g, ' ').split(' ')).outputs[0]!;
  const { info: counted, ptsOf } = encoderTimes(stream, output);
  return { timeBase: counted.timeBase, pts: [0, 2002, 4004].map(ptsOf) };
}

test('a tick for each frame', () => {
  expect(times('')).toEqual({ timeBase: { num: 1001, den: 30000 }, pts: [0, 1, 2] });
});

test("the pipe's where no rate is known", () => {
  const { frameRate, ...unknown } = info;
  expect(frameRate).toBeDefined();
  expect(times('', unknown)).toEqual({ timeBase: { num: 1, den: 60000 }, pts: [0, 2002, 4004] });
});

test('what the user asks for', () => {
  expect(times('-enc_time_base 1:1000')).toEqual({ timeBase: { num: 1, den: 1000 }, pts: [0, 33, 67] });
  expect(times('-enc_time_base -1').timeBase).toEqual({ num: 1, den: 60000 });
});

test('the -ss of the output is whole in it', () => {
  expect(times('-ss 0.5')).toEqual({ timeBase: { num: 1, den: 30000 }, pts: [0, 1001, 2002] });
  expect(times('-ss 2.002').timeBase).toEqual({ num: 1001, den: 30000 });
});
