import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DnnError } from '../base/errors.ts';
import { failure } from '../base/errors.test-support.ts';
import { labelId, labelText, readLabelsFile } from './labels-file.ts';

const read = (text: string): string[] => readLabelsFile(new TextEncoder().encode(text), 'coco.names');

test.each([
  ['cat\ndog\n', ['cat', 'dog']],
  ['cat\ndog', ['cat', 'dog']],
  ['cat\r\ndog  \r\n', ['cat', 'dog']],
  ['\n\ncat\n  \n\r\ndog\n', ['cat', 'dog']],
  [' traffic light \n', [' traffic light']],
  ['tab\t\n', ['tab\t']],
  ['a\rb\n', ['a\rb']],
  ['büro\n', ['büro']],
  ['\ufeffcat\n', ['\ufeffcat']],
  ['cat\0dog\nbird', ['cat', 'bird']],
  ['\0cat\ndog', ['dog']],
  ['', []],
  ['\n', []],
])('%j', (text, labels) => {
  expect(read(text)).toEqual(labels);
});

test('a label of 63 bytes is the longest', () => {
  expect(read(`${'x'.repeat(63)}   \n`)).toEqual(['x'.repeat(63)]);
  const error = failure(() => read(`cat\n\n${'x'.repeat(64)}\ndog`));
  expect(error.code).toBe('EINVAL');
  expect(error.message).toContain(`coco.names: the label '${'x'.repeat(64)}' in line 3 is 64 bytes long`);
  expect(failure(() => read('ü'.repeat(32))).details).toMatchObject({ file: 'coco.names', line: 1 });
  expect(read(`${'ü'.repeat(31)}x`)).toHaveLength(1);
});

test('a longer line than 255 bytes is read in pieces', () => {
  expect(read(`cat${' '.repeat(252)}dog\nbird`)).toEqual(['cat', 'dog', 'bird']);
  // The line end alone is the next piece, and empty.
  expect(read(`cat${' '.repeat(252)}\ndog`)).toEqual(['cat', 'dog']);
  expect(failure(() => read(`a\ncat${' '.repeat(252)}${'x'.repeat(70)}\n`)).details.line).toBe(2);
});

test('any bytes give labels of 1 to 63 bytes or a DnnError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
      try {
        for (const label of readLabelsFile(bytes, 'f')) expect(label).not.toMatch(/^$|\n|\0|[ \r]$/);
      } catch (error) {
        expect(error).toBeInstanceOf(DnnError);
      }
    }),
  );
});

test('lines without blanks at their ends come back', () => {
  const label = fc.string({ minLength: 1, maxLength: 15 }).filter((text) => !/[\n\r\0]| $/.test(text));
  fc.assert(
    fc.property(fc.array(label), fc.constantFrom('\n', '\r\n', ' \n\n'), (labels, end) => {
      expect(read(labels.map((text) => text + end).join(''))).toEqual(labels);
    }),
  );
});

test('the text of an id', () => {
  expect([0, 1, 2, -1].map((id) => labelText(['cat', 'dog'], id))).toEqual(['cat', 'dog', '2', '-1']);
  expect(labelText([], 0)).toBe('0');
});

test('ids are floats that are cut', () => {
  expect([0, 0.4, 1.988, 17, 2147483647].map(labelId)).toEqual([0, 0, 2, 17, 2147483647]);
  expect([-1, -0.5, NaN, Infinity, -Infinity, 2147483648].map(labelId)).toEqual([-1, -1, -1, -1, -1, -1]);
});
