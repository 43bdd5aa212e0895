import { expect, test } from 'vitest';
import { colorsOf } from './frame-colors.ts';

test('BT.2020 without a curve has that of BT.709; all other tags stay', () => {
  const tags = {
    primaries: 'bt2020',
    transfer: null,
    matrix: 'bt2020-ncl',
    fullRange: false,
  };
  expect(colorsOf(tags)).toEqual({ ...tags, transfer: 'bt709' });
  const others = [
    { ...tags, transfer: 'pq' },
    { ...tags, transfer: 'hlg' },
    { primaries: null, transfer: null, matrix: null, fullRange: true },
    { primaries: 'smpte170m', transfer: null, matrix: 'smpte170m', fullRange: false },
  ];
  for (const other of others) expect(colorsOf(other)).toBe(other);
});
