import { expect, test } from 'vitest';
import { parseCommand } from './command.ts';
import { overwriteAnswer, overwriteRefusal } from './overwrite.ts';

const both = 'Error, both -y and -n supplied. Exiting.';
const exists = (path: string): boolean => path === 'there.mp4';

test.each<[string, string | null]>([
  ['-i a there.mp4', null],
  ['-y -i a there.mp4', null],
  ['-n -i a new.mp4', null],
  ['-i a new.mp4 there.mp4 -n', "File 'there.mp4' already exists. Exiting."],
  ['-n -i a file:there.mp4', "File 'file:there.mp4' already exists. Exiting."],
  ['-n -non -i a there.mp4', null],
  ['-n -i a -f nut pipe:1', null],
  ['-n -i a -f null there.mp4', null],
  ['-n -y -i a new.mp4', both],
  ['-n -y -i a -f null -', null],
  ['-n -y -version', null],
])('%s', (words, expected) => {
  expect(overwriteRefusal(parseCommand(words.split(' ')), exists)).toBe(expected);
});

test.each<[string, ReturnType<typeof overwriteAnswer>]>([
  ['', undefined],
  ['-y ', 'y'],
  ['-n ', 'n'],
  ['-n -y ', 'both'],
  ['-n -noy ', 'n'],
])('%j answers %j', (words, expected) => {
  expect(overwriteAnswer(parseCommand(`${words}-i a b`.split(' ')))).toBe(expected);
});
