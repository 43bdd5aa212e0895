/** Reads every import under src/ and holds the layering that ARCHITECTURE.md draws: imports only point down. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { layers, packageHomes } from '../scripts/import-layers.mjs';

const src = dirname(fileURLToPath(import.meta.url));

function sourceFiles(): string[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
  );
}

/** What a file takes code or types from; an import with `?url` names a file that is fetched at run time, and takes none. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(src, file), 'utf8');
  const forms = /(?:from\s+|import\s+|import\(\s*|new URL\(\s*)['"]([^'"]+)['"]/g;
  return Array.from(text.matchAll(forms), (match) => match[1]!).filter(
    (name) => !/\?(worker&|module)?url\b/.test(name),
  );
}

/** The folder below src/ that a file belongs to; a file directly in src/ counts as a folder of its own name. */
function folderOf(file: string): string {
  return file.split('/')[0]!.replace(/\.ts$/, '');
}

function rowOf(folder: string): number {
  const row = layers.findIndex((names) => names.includes(folder));
  if (row < 0)
    throw new Error(`src/${folder} is not in the table of layers: add it to scripts/import-layers.mjs`);
  return row;
}

test('imports only point down', () => {
  const wrong: string[] = [];
  for (const file of sourceFiles()) {
    const from = folderOf(file);
    for (const name of importsOf(file)) {
      if (!name.startsWith('.')) continue;
      const target = relative(src, resolve(src, dirname(file), name.replace(/\?.*$/, '')));
      if (target.startsWith('..')) continue;
      const to = folderOf(target);
      if (from !== to && rowOf(to) >= rowOf(from)) wrong.push(`${file} imports ${target}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('each third-party package is touched by one folder', () => {
  const wrong: string[] = [];
  for (const file of sourceFiles()) {
    for (const name of importsOf(file)) {
      const home = packageHomes.find(({ prefix }) => name.startsWith(prefix))?.home;
      if (home !== undefined && folderOf(file) !== home) wrong.push(`${file} imports ${name}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('no file is a grab bag', () => {
  const bags = sourceFiles().filter((file) =>
    /(^|\/)(utils?|misc|helpers?|common|types|constants)\.ts$/.test(file),
  );
  expect(bags).toEqual([]);
});
