import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { parseCommand } from '../../pipeline/command/command.ts';
import { readsStdin, SpooledInput } from './standard-input.ts';

test.each<[string[], boolean]>([
  [['-i', '-', 'o.mp4'], true],
  [['-i', 'pipe:', 'o.mp4'], true],
  [['-i', 'pipe:0', 'o.mp4'], true],
  [['-i', 'cache:pipe:0', 'o.mp4'], true],
  [['-i', 'a.mp4', '-vf', 'movie=pipe\\\\:0[b];[in][b]overlay', 'o.mp4'], true],
  [['-i', 'a.mp4', '-f', 'nut', '-'], false],
  [['-i', 'pipe:3', 'o.mp4'], false],
  [['-i', 'pipe:0.mp4', 'o.mp4'], false],
])('%j reads standard input: %s', (words, expected) => {
  expect(readsStdin(parseCommand(words), '/')).toBe(expected);
});

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'standard-input-'));
  vi.stubEnv('TMPDIR', folder);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test('a stream becomes a file, also an empty one, and the file goes', async () => {
  const { signal } = new AbortController();
  for (const parts of [['ab', 'c'], []]) {
    const spooled = await SpooledInput.from(Readable.from(parts), signal);
    expect(readFileSync(spooled.path, 'utf8')).toBe(parts.join(''));
    expect(spooled.name).toBe('/dev/stdin');
    await spooled.remove();
    expect(existsSync(spooled.path)).toBe(false);
  }
});

test('a stop and a stream that fails leave no file', async () => {
  const stop = new AbortController();
  const endless = new Readable({ read: () => undefined });
  const spooling = SpooledInput.from(endless, stop.signal);
  stop.abort();
  await expect(spooling).rejects.toMatchObject({ name: 'AbortError' });
  const broken = new Readable({
    read() {
      this.destroy(new Error('broken pipe'));
    },
  });
  await expect(SpooledInput.from(broken, new AbortController().signal)).rejects.toThrow('broken pipe');
  expect(readdirSync(folder)).toEqual([]);
});
