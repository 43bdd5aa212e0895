import { expect, test } from 'vitest';
import { DnnError } from '../../base/errors.ts';
import { chooseStrips, type StripWish } from './choose-strips.ts';
import type { RowRange } from '../contract/interface.ts';

/** A network whose strips need `halo` more rows on each side. */
const withHalo =
  (halo: number, height: number): StripWish['rowShares'] =>
  (parts) =>
    Promise.resolve(
      parts.map(({ from, to }) => (Math.min(height, to + halo) - Math.max(0, from - halo)) / height),
    );

const wish = { conv2dThreads: 4, workers: 4, outHeight: 480, rowShares: withHalo(0, 480) };

const cut = (strips: readonly RowRange[]): string => strips.map(({ from, to }) => `${from}-${to}`).join(' ');

test('a strip for each worker that was asked for', async () => {
  const { strips, text } = await chooseStrips(wish);
  expect(cut(strips)).toBe('0-128 128-240 240-368 368-480');
  expect(text).toBe('conv2d_threads=4: strips over 4 workers, 0 % of a frame computed twice');
});

test('not more than there are workers and rows for', async () => {
  expect(cut((await chooseStrips({ ...wish, workers: 2 })).strips)).toBe('0-240 240-480');
  const low = await chooseStrips({ ...wish, outHeight: 40, rowShares: withHalo(1, 40) });
  expect(cut(low.strips)).toBe('0-16 16-32 32-40');
  expect(low.text).toBe('conv2d_threads=4: strips over 3 workers, 10 % of a frame computed twice');
});

test('fewer where they overlap too much, at last none', async () => {
  // n strips of 480 rows cost 1 + (n - 1) * 2 * halo / 480.
  const counts = [40, 41, 60, 61, 120].map(async (halo) => {
    const { strips } = await chooseStrips({ ...wish, rowShares: withHalo(halo, 480) });
    return strips.length;
  });
  expect(await Promise.all(counts)).toEqual([4, 3, 3, 2, 2]);
  expect(await chooseStrips({ ...wish, rowShares: withHalo(121, 480) })).toEqual({
    strips: [],
    text: 'conv2d_threads=4: whole frames, each in one worker, since strips of this network overlap too much',
  });
});

test.each<[string, Partial<StripWish>, string]>([
  ['one thread', { conv2dThreads: 1 }, 'conv2d_threads=1: whole frames, each in one worker, as asked for'],
  ['one worker', { workers: 1 }, 'since there is one'],
  ['few rows', { outHeight: 16 }, 'since 16 rows are too few for strips'],
  ['a model that does not', { rowShares: () => Promise.resolve(undefined) }, 'since rows of such frames'],
  [
    'a model that fails',
    { rowShares: () => Promise.reject(new DnnError('ENOMEM', 'no memory left')) },
    'since the model failed: no memory left',
  ],
])('whole frames for %s', async (_, different, words) => {
  const { strips, text } = await chooseStrips({ ...wish, ...different });
  expect(strips).toEqual([]);
  expect(text).toContain(words);
});

test('an abort is no reason to go on', async () => {
  const reason = new DOMException('stopped', 'AbortError');
  await expect(chooseStrips({ ...wish, rowShares: () => Promise.reject(reason) })).rejects.toBe(reason);
});
