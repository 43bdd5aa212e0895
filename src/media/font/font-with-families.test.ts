import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fontWithFamilies } from './font-with-families.ts';
import { findTable, fontNames, isFont, isSingleFont, nameRecords } from './sfnt.ts';
import { squareFont } from './square-font.test-support.ts';

const font = squareFont('Square Font');

test('a font tells its families and its style', () => {
  expect(fontNames(font)).toEqual({ families: ['Square Font'], style: 'Regular' });
  expect([isFont(font), isSingleFont(font)]).toEqual([true, true]);
});

test('more families stand beside its own, and nothing else changes', () => {
  const before = font.slice();
  const more = fontWithFamilies(font, ['Arial', 'Größe', '游ゴシック'])!;
  expect(font).toEqual(before);
  expect(fontNames(more)).toEqual({
    families: ['Square Font', 'Arial', 'Größe', '游ゴシック'],
    style: 'Regular',
  });
  for (const tag of ['glyf', 'cmap', 'OS/2', 'head']) {
    const [old, now] = [findTable(font, tag)!, findTable(more, tag)!];
    expect(now).toEqual(old);
    const bytes = (of: Uint8Array): Uint8Array => of.subarray(old.offset, old.offset + old.length);
    expect(bytes(more)).toEqual(bytes(font));
  }
  const { offset, length } = findTable(more, 'name')!;
  expect([offset % 4, length % 4, offset + length]).toEqual([0, 0, more.length]);
});

test('collections are fonts, but not single ones; other files are none', () => {
  const bytes = (start: string): Uint8Array => new TextEncoder().encode(start.padEnd(12));
  expect([isFont(bytes('ttcf')), isSingleFont(bytes('ttcf'))]).toEqual([true, false]);
  expect([isFont(bytes('OTTO')), isFont(bytes('wOF2')), isFont(bytes('hello'))]).toEqual([
    true,
    false,
    false,
  ]);
  expect(isFont(new Uint8Array(4))).toBe(false);
});

test('any file ends in names or in none', () => {
  const damaged = fc
    .tuple(fc.nat(font.length - 1), fc.nat(255), fc.nat(font.length))
    .map(([at, byte, end]) => {
      const bytes = font.slice();
      bytes[at] = byte;
      return bytes.subarray(0, end);
    });
  fc.assert(
    fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 200 })), (bytes) => {
      expect(nameRecords(bytes).length).toBeLessThan(65_536);
      fontNames(bytes);
      fontWithFamilies(bytes, ['Arial']);
    }),
    { numRuns: 500 },
  );
});
