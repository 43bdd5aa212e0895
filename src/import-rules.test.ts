/**
 * Reads every import under src/ and holds the layering that ARCHITECTURE.md draws: imports only point down.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { mayImport, packageHomes, roomOf } from '../scripts/import-layers.mjs';

const src = dirname(fileURLToPath(import.meta.url));

function sourceFiles(): string[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
  );
}

/**
 * What a file takes code or types from; an import with `?url` names a file that is
 * fetched at run time, and takes none.
 */
function importsOf(file: string): string[] {
  const text = readFileSync(join(src, file), 'utf8');
  const forms = /(?:from\s+|import\s+|import\(\s*|new URL\(\s*)['"]([^'"]+)['"]/g;
  return Array.from(text.matchAll(forms), (match) => match[1]!).filter(
    (name) => !/\?(worker&|module)?url\b/.test(name),
  );
}

/** The files below src/ that a file imports, as paths from there. */
function importedFiles(file: string): string[] {
  return importsOf(file)
    .filter((name) => name.startsWith('.'))
    .map((name) => relative(src, resolve(src, dirname(file), name.replace(/\?.*$/, ''))))
    .filter((target) => target.endsWith('.ts') && !target.startsWith('..'));
}

/** The room of a file that has one. */
function knownRoomOf(file: string): string {
  const room = roomOf(file);
  if (room === undefined)
    throw new Error(`src/${file} is in no room of the table of layers: add it to scripts/import-layers.mjs`);
  return room;
}

test('a file is in the deepest room that it lies in', () => {
  const files = ['wasm/layers/conv2d.ts', 'lowering/network.ts', 'native-module.ts'];
  expect(files.map((name) => roomOf(`backends/native/${name}`))).toEqual([
    'backends/native/wasm',
    'backends/native/lowering',
    'backends',
  ]);
  expect(['index.ts', 'nowhere/index.ts', 'backendsome/index.ts'].map(roomOf)).toEqual([
    'index',
    undefined,
    undefined,
  ]);
});

test('imports only point down', () => {
  const wrong: string[] = [];
  for (const file of sourceFiles()) {
    const from = knownRoomOf(file);
    for (const target of importedFiles(file)) {
      if (!mayImport(from, knownRoomOf(target))) wrong.push(`${file} imports ${target}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('no files import each other in a circle, types included', () => {
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) circles.push([...path.slice(start), file].join(' → '));
    if (start >= 0 || done.has(file)) return;
    for (const target of importedFiles(file)) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of sourceFiles()) visit(file, []);
  expect(circles).toEqual([]);
});

test('a folder is small enough to be read as a list', () => {
  const most = 25;
  const sources = new Map<string, number>();
  for (const file of sourceFiles().filter((name) => !name.endsWith('.test-support.ts')))
    sources.set(dirname(file), (sources.get(dirname(file)) ?? 0) + 1);
  // One op a file: a catalogue.
  sources.delete('backends/native/wasm/layers');
  expect([...sources].filter(([, count]) => count > most)).toEqual([]);
});

test('each third-party package is touched by one folder', () => {
  const wrong: string[] = [];
  for (const file of sourceFiles()) {
    for (const name of importsOf(file)) {
      const home = packageHomes.find(({ prefix }) => name.startsWith(prefix))?.home;
      if (home !== undefined && !file.startsWith(`${home}/`)) wrong.push(`${file} imports ${name}`);
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
