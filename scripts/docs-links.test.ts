/**
 * The documents beside package.json and in docs: what they link to, the commands they name and
 * the import rows they draw exist.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { layers } from './import-layers.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const documents = [
  ...readdirSync(root),
  ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`),
].filter((name) => name.endsWith('.md'));

function read(name: string): string {
  return readFileSync(join(root, name), 'utf8');
}

/** Targets of `[text](target)`; what stands in code is no link, code as the text of one is. */
function linksOf(text: string): string[] {
  const prose = text.replaceAll(/```[\s\S]*?```/g, '').replaceAll(/`[^`\n]*`/g, 'code');
  return Array.from(prose.matchAll(/\]\(([^)\s]+)\)/g), (match) => match[1]!);
}

/** Anchors of a document's headings, as GitHub makes them. */
function anchorsOf(text: string): string[] {
  return Array.from(text.matchAll(/^#+ (.+)$/gm), (match) =>
    match[1]!
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

/** Pages that an npm script writes, beside the link that leads to them, and that are never committed. */
const written = new Set(['reports/conformance.html']);

function isBroken(document: string, link: string): boolean {
  if (/^https?:/.test(link)) return false;
  const [target = '', anchor] = link.split('#');
  const path = target === '' ? document : normalize(join(dirname(document), target));
  if (written.has(path)) return false;
  if (!existsSync(join(root, path))) return true;
  return anchor !== undefined && !anchorsOf(read(path)).includes(anchor);
}

test('the documents are there', () => {
  expect(documents).toEqual(expect.arrayContaining(['ARCHITECTURE.md', 'CONTRIBUTING.md', 'README.md']));
});

test.each(documents)(
  'every link of %s leads to a file of the repository, or to a page that a script writes',
  (document) => {
    const links = linksOf(read(document));
    if (!document.startsWith('docs/')) expect(links.length).toBeGreaterThan(0);
    expect(links.filter((link) => isBroken(document, link))).toEqual([]);
  },
);

test.each(documents)('every path that %s names in code style exists', (document) => {
  const paths = Array.from(
    read(document).matchAll(/`((?:src|scripts|e2e|public|bench)\/[\w./-]+)`/g),
    (match) => match[1]!,
  );
  // Made by the set-up script, never committed.
  const made = /^public\/models/;
  expect(paths.filter((path) => !made.test(path) && !existsSync(join(root, path)))).toEqual([]);
});

test.each(documents)('every npm script that %s names exists', (document) => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = Array.from(
    read(document).matchAll(/\bnpm (?:run (?:--silent )?([\w-]+)|(start|test)\b)/g),
    (match) => match[1] ?? match[2]!,
  );
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});

test('ARCHITECTURE.md draws the import rows that are tested', () => {
  const drawing = /```text rows\n([\s\S]*?)\n```/.exec(read('ARCHITECTURE.md'))?.[1] ?? '';
  // Top to bottom on paper, bottom to top in the table.
  const drawn = drawing.split('\n').map((row) => row.trim().split(/\s+/));
  expect(drawn.toReversed()).toEqual(layers);
});

test.each(documents)('no line of prose in %s is wider than 120 columns', (document) => {
  const prose = read(document).replaceAll(/```[\s\S]*?```/g, '');
  const lines = prose.split('\n').filter((line) => !line.startsWith('|'));
  expect(lines.filter((line) => line.length > 120)).toEqual([]);
});
