import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseCommand } from '../pipeline/command/command.ts';
import { overwriteRefusal } from './overwrite.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'overwrite-'));
  writeFileSync(join(folder, 'there.mp4'), '');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test.each<[string[], string | null]>([
  [['-i', 'a', 'new.mp4'], null],
  [['-i', 'a', '-y', 'there.mp4'], null],
  [['-i', 'a', '-f', 'nut', '-'], null],
  [['-i', 'a', '-f', 'nut', 'pipe:1'], null],
  [['-n', '-i', 'a', 'there.mp4'], "File 'there.mp4' already exists. Exiting."],
  [['-n', '-i', 'a', 'new.mp4'], null],
  [['-n', '-y', '-i', 'a', 'there.mp4'], 'Error, both -y and -n supplied. Exiting.'],
  [['-i', 'a', '-f', 'null', 'there.mp4'], null],
])('%j', async (words, expected) => {
  await expect(overwriteRefusal(parseCommand(words), folder)).resolves.toBe(expected);
});

test('an input is never overwritten, not even with -y', async () => {
  const refusal = await overwriteRefusal(parseCommand(['-y', '-i', './there.mp4', 'there.mp4']), folder);
  expect(refusal).toContain('same as Input #0');
});
