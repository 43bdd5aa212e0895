/**
 * Holds that every file has its runtime, by the projects in tsconfig/, and that a
 * project knows its own runtime only.
 */
import { readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const names = ['core', 'worker', 'page', 'node'] as const;

function readProject(name: string): ts.ParsedCommandLine {
  const file = join(root, 'tsconfig', `${name}.json`);
  const { config } = ts.readConfigFile(file, (path) => ts.sys.readFile(path)) as { config: unknown };
  return ts.parseJsonConfigFileContent(config, ts.sys, dirname(file), undefined, file);
}

const projects = names.map((name) => ({ name, ...readProject(name) }));

/** The projects that have a file, joined by `+`. */
const runtimes = new Map<string, string>();
for (const { name, fileNames } of projects) {
  for (const file of fileNames.map((path) => relative(root, path))) {
    const others = runtimes.get(file);
    runtimes.set(file, others === undefined ? name : `${others}+${name}`);
  }
}

function sourceFiles(): string[] {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith('.ts')).map((file) => join('src', file));
}

/** Libraries and packages of a runtime that the project's files see, whoever brings them. */
function platformsOf({ fileNames, options, projectReferences = [] }: ts.ParsedCommandLine): string[] {
  const program = ts.createProgram({ rootNames: fileNames, options, projectReferences });
  const marks = { DOM: '/lib.dom.d.ts', WebWorker: '/lib.webworker.d.ts', Node: '/@types/node/index.d.ts' };
  const files = program.getSourceFiles().map(({ fileName }) => fileName);
  return Object.entries(marks).flatMap(([platform, end]) =>
    files.some((file) => file.endsWith(end)) ? [platform] : [],
  );
}

test('every source runs in one runtime, or in workers and pages alike', () => {
  const allowed = new Set(['core', 'worker', 'page', 'worker+page', 'node']);
  const wrong = sourceFiles()
    .map((file) => ({ file, projects: runtimes.get(file) ?? 'none: add it to one in tsconfig/' }))
    .filter((source) => !allowed.has(source.projects));
  expect(wrong).toEqual([]);
});

test('tests run in Node, and nothing else in src but the command line does', () => {
  const ofNode = sourceFiles().filter((file) => runtimes.get(file) === 'node');
  const expected = sourceFiles().filter(
    (file) => /\.test(-support)?\.ts$/.test(file) || /^src\/cli\/(?!headless-(job|page)\.ts)/.test(file),
  );
  expect(ofNode).toEqual(expected);
});

test.each([
  ['core', []],
  ['worker', ['WebWorker']],
  ['page', ['DOM']],
])('the files of %s see the library of their runtime only', (name, platforms) => {
  expect(platformsOf(readProject(name))).toEqual(platforms);
});
