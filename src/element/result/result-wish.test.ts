import { expect, test } from 'vitest';
import { formatOfName, resultFormat, resultQuality } from './result-wish.ts';

test('words and endings say what is wanted', () => {
  expect(['mp4', 'webm', 'mkv', 'avi', '', null].map(resultFormat)).toEqual([
    ...['mp4', 'webm', 'mkv'],
    ...[undefined, undefined, undefined],
  ]);
  expect(['smaller', 'good', 'best', 'Best', null].map(resultQuality)).toEqual([
    ...['smaller', 'good', 'best'],
    ...[undefined, undefined],
  ]);
  expect(['a.mp4', 'a.b.WEBM', 'mkv', 'a.mkv', 'a.mov', '.mp4'].map(formatOfName)).toEqual([
    ...['mp4', 'webm', undefined, 'mkv'],
    ...[undefined, 'mp4'],
  ]);
});
