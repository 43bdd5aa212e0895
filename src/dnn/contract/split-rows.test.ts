import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitRows } from './split-rows.ts';

const cut = (height: number, count: number): string =>
  splitRows(height, count)
    .map(({ from, to }) => `${from}-${to}`)
    .join(' ');

test.each([
  [480, 1, '0-480'],
  [480, 2, '0-240 240-480'],
  [480, 3, '0-160 160-320 320-480'],
  [1080, 4, '0-272 272-544 544-816 816-1080'],
  [47, 2, '0-16 16-47'],
  [33, 3, '0-16 16-32 32-33'],
  [46, 3, '0-16 16-32 32-46'],
])('%i rows for %i workers', (height, count, strips) => {
  expect(cut(height, count)).toBe(strips);
});

test('few rows make fewer strips, and less than two workers one', () => {
  expect(cut(46, 8)).toBe('0-16 16-32 32-46');
  expect(cut(17, 2)).toBe('0-16 16-17');
  expect(cut(16, 2)).toBe('0-16');
  expect(cut(1, 5)).toBe('0-1');
  expect(cut(480, 0)).toBe('0-480');
  expect(cut(480, -3)).toBe('0-480');
});

test('any rows are cut without gap and overlap, at even places, evenly', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: -2, max: 300 }), (height, count) => {
      const strips = splitRows(height, count);
      expect(strips.length).toBeLessThanOrEqual(Math.max(1, count));
      expect([strips[0]!.from, strips.at(-1)!.to]).toEqual([0, height]);
      for (const [index, { from, to }] of strips.entries()) {
        expect(from % 16).toBe(0);
        expect(to).toBeGreaterThan(from);
        if (index > 0) expect(from).toBe(strips[index - 1]!.to);
      }
      const rows = strips.slice(0, -1).map(({ from, to }) => to - from);
      if (rows.length > 0) expect(Math.max(...rows) - Math.min(...rows)).toBeLessThanOrEqual(16);
    }),
  );
});
