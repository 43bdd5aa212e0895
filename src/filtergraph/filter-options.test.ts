import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { positionOf, sourceText } from '../base/source-text.ts';
import { escapeOptionValue, parseFilterOptions } from './filter-options.ts';
import { filtersOf } from './filtergraph.ts';
import { parseFiltergraph } from './parse-filtergraph.ts';

function pairs(text: string, separator?: string): [string | undefined, string][] {
  return parseFilterOptions(sourceText(text), separator).map(({ key, value }) => [key?.text, value.text]);
}

describe('parseFilterOptions', () => {
  // Compared with the "Setting 'key' to value 'value'" lines of FFmpeg 5.1.
  test.each<[string, [string | undefined, string][]]>([
    ['', []],
    [
      'a=1:b=2',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    ['a=1:', [['a', '1']]],
    [
      'a=1::b=2',
      [
        ['a', '1'],
        [undefined, ''],
        ['b', '2'],
      ],
    ],
    ['a', [[undefined, 'a']]],
    ['a b=c', [[undefined, 'a b=c']]],
    [' a = b ', [['a', 'b']]],
    ['=5', [['', '5']]],
    ['a=b=c', [['a', 'b=c']]],
    [
      "a='x:y':b=\\:",
      [
        ['a', 'x:y'],
        ['b', ':'],
      ],
    ],
    ["'a=b'", [[undefined, 'a=b']]],
  ])('%j', (text, expected) => {
    expect(pairs(text)).toEqual(expected);
  });

  test('other separators', () => {
    expect(pairs('nireq=2&async=0', '&')).toEqual([
      ['nireq', '2'],
      ['async', '0'],
    ]);
  });

  test('positions point into the whole filter string', () => {
    const text = "scale=1:1, dnn='k=a\\:b':model=m";
    const args = filtersOf(parseFiltergraph(text))[1]!.args!;
    const [first, second] = parseFilterOptions(args);
    expect(positionOf(first!.key!)).toBe(text.indexOf('k='));
    expect(positionOf(first!.value, 1)).toBe(text.indexOf(':b'));
    expect(positionOf(second!.value)).toBe(text.length - 1);
  });

  test('any value survives both levels of quoting', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), fc.string({ maxLength: 20 }), (one, two) => {
        const text = `f=a=${escapeOptionValue(one)}:b=${escapeOptionValue(two)},null`;
        const args = filtersOf(parseFiltergraph(text))[0]!.args!;
        expect(parseFilterOptions(args).map(({ value }) => value.text)).toEqual([one, two]);
      }),
    );
  });

  test('a path with blanks, colons and quotes', () => {
    expect(escapeOptionValue("C:/my model's.pb")).toBe("C\\\\:/my model\\\\\\'s.pb");
  });
});
