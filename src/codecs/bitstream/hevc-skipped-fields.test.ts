import { expect, test } from 'vitest';
import { BitReader } from './bit-reader.ts';
import { skipReferencePictureSets, skipScalingLists } from './hevc-skipped-fields.ts';

/** Reads the bits written, and what is behind them. */
function reader(...parts: string[]): BitReader {
  const text = parts.join('') + '10101010' + '0'.repeat(16);
  const bytes = text.match(/.{8}/g)!.map((byte) => parseInt(byte, 2));
  return new BitReader(Uint8Array.from(bytes), { part: 'test', offset: 0 });
}

const marker = 0b10101010;

test('a reference picture set that tells differences only counts the pictures that it keeps', () => {
  const two = ['010', '010', '1' + '1', '1' + '0']; // one before, one behind: delta 1, used or not
  const differences = ['1', '0', '1', '1', '00', '01']; // inter, sign, delta; used, dropped, kept unused
  // The third set has a flag for each of the two pictures that are left, and one more.
  const bits = reader(...two, ...differences, '1', '1', '1', '1', '1', '1');
  skipReferencePictureSets(bits, 3);
  expect(bits.bits(8)).toBe(marker);
});

test('scaling lists are of 16 and 64 coefficients, those of the largest blocks two', () => {
  // Each list is as the default one, but the first of the smallest and of the largest blocks.
  const list = (coefficients: number) => '1' + '1'.repeat(coefficients);
  const asDefault = '01';
  const lists = [list(16), asDefault.repeat(5), asDefault.repeat(12), list(65), asDefault];
  const bits = reader(...lists);
  skipScalingLists(bits);
  expect(bits.bits(8)).toBe(marker);
});
