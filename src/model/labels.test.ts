import fc from 'fast-check';
import { expect, test } from 'vitest';
import { labelsOfMetadata, labelsOfModelInfo } from './labels.ts';

test.each([
  ["{0: 'person', 1: 'bicycle'}", ['person', 'bicycle']],
  [`{0: "driver's cab", 1: 'it\\'s'}`, ["driver's cab", "it's"]],
  ["{2: 'c', 0: 'a'}", ['a', '1', 'c']],
  ["['a', 'b, c']", ['a', 'b, c']],
  ['["a"]', ['a']],
  ['{"0": "a", "1": "b: {0}"}', ['a', 'b: {0}']],
  [String.raw`['\xe9t\u00e9', 'a\\b', 'a\tb']`, ['été', 'a\\b', 'a\tb']],
  ['', undefined],
  ['person', undefined],
  ['{}', undefined],
  ["{99999999: 'x'}", undefined],
  ["{0: 'a', 1: 'b'", undefined],
  ["{0: 'a' 1: 'b'}", undefined],
  ["{0: 'a', 1: b}", undefined],
  ["{0: 'a', 'b'}", undefined],
  ["{0: ['a'], 1: 'b'}", undefined],
  ["{0: 'a'} trailing", undefined],
  ["[0: 'a']", undefined],
  ["['a'}", undefined],
])('of metadata: %s', (text, expected) => {
  expect(labelsOfMetadata(text)).toEqual(expected);
});

test('any names that JSON writes are read back, and any text ends', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }), (names) => {
      const plain = names.map((name) => name.replace(/[\b\f]/g, ''));
      expect(labelsOfMetadata(JSON.stringify(plain))).toEqual(plain);
      expect(labelsOfMetadata(JSON.stringify(Object.fromEntries(plain.entries())))).toEqual(plain);
    }),
  );
  const near = fc.array(fc.constantFrom('{', '}', '[', ']', ':', ',', "'", '"', '\\', '0', 'a', ' '));
  fc.assert(
    fc.property(near, (parts) => {
      const labels = labelsOfMetadata(parts.join(''));
      expect(labels === undefined || labels.length > 0).toBe(true);
    }),
  );
});

test('of OpenVINO', () => {
  expect(labelsOfModelInfo('person traffic_light')).toEqual(['person', 'traffic_light']);
  expect(labelsOfModelInfo(' ')).toBeUndefined();
});
