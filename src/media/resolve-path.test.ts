import fc from 'fast-check';
import { expect, test } from 'vitest';
import { resolvePath } from './resolve-path.ts';

test('paths are resolved as the core resolves them', () => {
  expect(resolvePath('a/../b.mp4')).toBe('/b.mp4');
  expect(resolvePath('../../x', '/job')).toBe('/x');
  expect(resolvePath('./y//z/', '/job')).toBe('/job/y/z');
  expect(resolvePath('/abs', '/job')).toBe('/abs');
  expect(resolvePath('')).toBe('/');
});

test('resolving twice changes nothing', () => {
  const part = fc.constantFrom('..', '.', '', 'a', 'b.mp4', 'ä ö');
  fc.assert(
    fc.property(fc.array(part), fc.boolean(), (parts, absolute) => {
      const path = resolvePath((absolute ? '/' : '') + parts.join('/'), '/cwd');
      expect(resolvePath(path)).toBe(path);
      expect(path.split('/').slice(1)).not.toContain('..');
    }),
  );
});
