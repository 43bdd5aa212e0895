import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseCommand } from '../../pipeline/command/command.ts';
import { unwritableOutput } from './output-check.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'output-check-'));
  mkdirSync(join(folder, 'there'));
  mkdirSync(join(folder, 'locked'), { mode: 0o555 });
  for (const name of ['file', 'kept.mp4']) writeFileSync(join(folder, name), '');
  chmodSync(join(folder, 'kept.mp4'), 0o444);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test.each<[string[], string | null]>([
  [['out.mp4'], null],
  [['there/out.mp4'], null],
  [['file:there/out.mp4'], null],
  [['file'], null],
  [['there/img%03d.png'], null],
  [['-f', 'null', 'missing/x'], null],
  [['-f', 'nut', 'pipe:1'], null],
  [['-f', 'hls', '%v/list.m3u8'], null],
  [['-f', 'tee', 'a.mp4|missing/b.mp4'], null],
  [['md5:missing/x'], null],
  [['/dev/null'], null],
  [['missing/out.mp4'], 'missing/out.mp4: No such file or directory'],
  [['missing/img%d.png'], 'missing/img%d.png: No such file or directory'],
  [['a.mp4', 'missing/b.mp4'], 'missing/b.mp4: No such file or directory'],
  [['file/out.mp4'], 'file/out.mp4: Not a directory'],
  [['there'], 'there: Is a directory'],
  [['-dnn_stats', 'missing/s.json', 'o.mp4'], 'missing/s.json: No such file or directory'],
  [['-dnn_timeline', 'there', 'o.mp4'], 'there: Is a directory'],
])('%j', (words, expected) => {
  expect(unwritableOutput(parseCommand(['-i', 'a', ...words]), folder)).toBe(expected);
});

// The administrator may write everywhere.
test.skipIf(process.getuid?.() === 0)('what may not be written', () => {
  const check = (name: string): string | null => unwritableOutput(parseCommand(['-i', 'a', name]), folder);
  expect(check('locked/out.mp4')).toBe('locked/out.mp4: Permission denied');
  expect(check('kept.mp4')).toBe('kept.mp4: Permission denied');
});
