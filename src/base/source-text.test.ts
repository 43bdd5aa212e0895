import { describe, expect, test } from 'vitest';
import { caretLines, positionOf, sourceError, sourceText } from './source-text.ts';

describe('source text', () => {
  test('a caret stands under the position', () => {
    expect(caretLines('scale=x', 6)).toBe('  scale=x\n        ^');
    expect(caretLines('', 0)).toBe('  \n  ^');
  });

  test('long text is cut on both sides, the caret stays right', () => {
    const [line, caret] = caretLines(`${'a'.repeat(100)}X${'b'.repeat(100)}`, 100).split('\n');
    expect(line?.charAt(caret!.indexOf('^'))).toBe('X');
    expect(line).toMatch(/^ {2}…a+Xb+…$/);
  });

  test('line ends and tabs do not move the caret', () => {
    expect(caretLines('a\n\tb', 3)).toBe('  a  b\n     ^');
  });

  test('positions of unquoted text point into the origin', () => {
    const source = { text: 'ab', origin: "'a'\\b", positions: [1, 4, 5] };
    expect([0, 1, 2, 9, -1].map((index) => positionOf(source, index))).toEqual([1, 4, 5, 5, 1]);
    expect(positionOf(sourceText('abc'), 2)).toBe(2);
  });

  test('an error carries code, position and details', () => {
    const error = sourceError('EINVAL', 'Bad word', sourceText('a b'), 2, { filter: 'f' });
    expect(error.code).toBe('EINVAL');
    expect(error.details).toEqual({ filter: 'f', position: 2 });
    expect(error.message).toBe('Bad word (at position 2)\n  a b\n    ^');
  });
});
