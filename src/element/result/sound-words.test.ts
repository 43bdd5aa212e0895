import { expect, test } from 'vitest';
import { soundWords } from './sound-words.ts';

test.each([
  ['mp4', ['aac'], '-c:a copy'],
  ['mp4', ['mp3', 'aac'], '-c:a copy'],
  ['mp4', ['aac', 'opus'], '-c:a aac'],
  ['webm', ['opus'], '-c:a copy'],
  ['webm', ['aac'], '-c:a libopus'],
  ['mkv', ['pcm_s16le', 'ac3'], '-c:a copy'],
  ['mkv', ['amr_nb'], '-c:a aac'],
  ['webm', undefined, '-c:a libopus'],
  ['mp4', [], ''],
] as const)('%s, sound %j: %s', (format, codecs, words) => {
  expect(soundWords(format, codecs)).toBe(words);
});
