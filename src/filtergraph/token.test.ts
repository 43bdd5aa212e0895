import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { positionOf, sourceText } from '../base/source-text.ts';
import { escapeToken, getToken } from './token.ts';

function token(text: string, terminators: string): [string, number] {
  const { value, end } = getToken(sourceText(text), 0, terminators);
  return [value.text, end];
}

/** Strings made of the characters that the parsers treat specially. */
const trickyText = fc
  .array(fc.constantFrom('a', 'é', ' ', '\n', '\\', "'", ':', ',', ';', '[', ']', '=', '&', '@'), {
    maxLength: 24,
  })
  .map((characters) => characters.join(''));

describe('getToken', () => {
  // The first word of each line, as `ffmpeg -loglevel debug -vf drawbox=x=…` of FFmpeg 5.1 reports it.
  test.each([
    ['a b:c', 'a b', 3],
    ['  a  :c', 'a', 5],
    ["'a:b':c", 'a:b', 5],
    ['a\\:b:c', 'a:b', 4],
    ["' a ' :c", ' a ', 6],
    ['\\ a\\ :c', ' a ', 5],
    ["'a'b'c d' ", 'abc d', 10],
    ["'a\\'b:c", 'a\\b', 5],
    ["'a:b ", 'a:b', 5],
    ['a\\', 'a\\', 2],
    ['', '', 0],
    [':', '', 0],
  ])('%j is %j', (text, value, end) => {
    expect(token(text, ':')).toEqual([value, end]);
  });

  test('positions lead back to the quoted text, through two levels', () => {
    const outer = getToken(sourceText("  'a\\':b'c"), 0, ',').value;
    expect(outer.text).toBe('a\\:bc');
    const inner = getToken(outer, 0, ':').value;
    expect(inner.text).toBe('a:bc');
    const positions = Array.from('a:bc', (_, index) => positionOf(inner, index));
    expect(positions.map((position) => inner.origin.charAt(position)).join('')).toBe('a:bc');
    expect(positionOf(inner, 4)).toBe(inner.origin.length);
  });

  test('every character of a token stands where its position says', () => {
    fc.assert(
      fc.property(trickyText, (text) => {
        const { value, end } = getToken(sourceText(text), 0, ':;');
        expect(value.positions).toHaveLength(value.text.length + 1);
        for (let index = 0; index < value.text.length; index++) {
          expect(text.charAt(positionOf(value, index))).toBe(value.text.charAt(index));
        }
        expect(positionOf(value, value.text.length)).toBeLessThanOrEqual(end);
      }),
    );
  });

  test('quoting round trip', () => {
    fc.assert(
      fc.property(trickyText, (text) => {
        expect(token(`${escapeToken(text, ':;')}:rest`, ':;')[0]).toBe(text);
      }),
    );
  });

  test('inner blanks stay readable', () => {
    expect(escapeToken(' my file, 1 ', ',')).toBe('\\ my file\\, 1\\ ');
  });
});
