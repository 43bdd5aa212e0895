import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toChannelsFirst, toChannelsLast } from './turn-layout.ts';

const counted = (length: number): Float32Array => Float32Array.from({ length }, (_, index) => index);

test('channels come before the pixels of each item, and back', () => {
  const dims = [2, 1, 2, 3] as const;
  expect([...toChannelsFirst(counted(12), dims)]).toEqual([0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11]);
  const size = fc.integer({ min: 1, max: 5 });
  fc.assert(
    fc.property(fc.tuple(size, size, size, size), (any) => {
      const values = counted(any.reduce((product, each) => product * each, 1));
      const into = new Float32Array(values.length);
      expect(toChannelsLast(toChannelsFirst(values, any), any, into)).toBe(into);
      expect(into).toEqual(values);
    }),
  );
});
