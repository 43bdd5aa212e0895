import { expect, test } from 'vitest';
import { isBigEndianPfm, pfmHeader, swapFloatBytes } from './pfm-packet.ts';

const header = (text: string) => new TextEncoder().encode(text);

test('the sign of the scale is the byte order', () => {
  expect(isBigEndianPfm(pfmHeader(720, 480), 720, 480)).toBe(false);
  expect(isBigEndianPfm(header('Pf\n4 2\n-1.000000\n'), 4, 2)).toBe(false);
  expect(isBigEndianPfm(header('Pf\n4 2\n1.000000\n'), 4, 2)).toBe(true);
  expect(isBigEndianPfm(header('Pf 4\t2\n+1\n'), 4, 2)).toBe(true);
});

test.each([
  ['PF\n4 2\n-1.0\n', '"PF\\n4 2\\n-1.0\\n" is not of the form'],
  ['', '"" is not of the form'],
  ['Pf\n4 2\n-1.0', 'is not of the form'],
  ['Pf\n4 2\n-1.0\n\0', 'is not of the form'],
  ['Pf\n2 4\n-1.0\n', 'PFM picture of 2x4 in a stream of 4x2'],
  ['Pf\n4 2\n-2.0\n', 'PFM scale -2.0: only 1 and -1'],
  ['Pf\n4 2\n0\n', 'PFM scale 0: only 1 and -1'],
])('refuses %j', (text, message) => {
  expect(() => isBigEndianPfm(header(text), 4, 2)).toThrow(message);
});

test('floats are swapped in place', () => {
  const bytes = Uint8Array.of(9, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  swapFloatBytes(bytes.subarray(1, 9));
  expect([...bytes]).toEqual([9, 4, 3, 2, 1, 8, 7, 6, 5, 9]);
});
