import { expect, test } from 'vitest';
import { labelsOfMetadata, labelsOfModelInfo } from './labels.ts';

test.each([
  ["{0: 'person', 1: 'bicycle'}", ['person', 'bicycle']],
  [`{0: "driver's cab", 1: 'it\\'s'}`, ["driver's cab", "it's"]],
  ["{2: 'c', 0: 'a'}", ['a', '1', 'c']],
  ["['a', 'b, c']", ['a', 'b, c']],
  ['["a"]', ['a']],
  ['', undefined],
  ['person', undefined],
  ['{}', undefined],
  ["{99999999: 'x'}", undefined],
])('of metadata: %s', (text, expected) => {
  expect(labelsOfMetadata(text)).toEqual(expected);
});

test('of OpenVINO', () => {
  expect(labelsOfModelInfo('person traffic_light')).toEqual(['person', 'traffic_light']);
  expect(labelsOfModelInfo(' ')).toBeUndefined();
});
