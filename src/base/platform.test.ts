/** Holds what platform.d.ts says the core has everywhere against the libraries of pages, workers and Node. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';

const folder = dirname(fileURLToPath(import.meta.url));
const declarations = readFileSync(join(folder, 'platform.d.ts'), 'utf8');
const values = Array.from(declarations.matchAll(/^declare (?:const|namespace) (\w+)/gm), ([, name]) => name!);
const functions = Array.from(
  declarations.matchAll(/^declare function (\w+)(.*)$/gm),
  ([, name, signature]) => ({
    name: name!,
    signature: signature!,
  }),
);

/** A module in which the platform's own values are given to what the core takes them for. */
function comparison(names: readonly string[]): string {
  const declared = declarations
    .replace(/^declare /gm, 'export ')
    .replace(/^(interface|type) /gm, 'export $1 ');
  return [
    `declare namespace Core {\n${declared}`,
    `export interface Functions { ${functions.map(({ name, signature }) => name + signature).join(' ')} }\n}`,
    'export const functions: Core.Functions = globalThis;',
    ...names.map((name) => `export const ${name}Value: typeof Core.${name} = ${name};`),
  ].join('\n');
}

/** What the compiler says of the comparison where these libraries are there. */
function complaints(names: readonly string[], lib: readonly string[], types: string[]): string[] {
  const file = join(folder, 'platform-comparison.ts');
  const options: ts.CompilerOptions = {
    lib: ['es2024', ...lib].map((name) => `lib.${name}.d.ts`),
    types,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2023,
  };
  const text = comparison(names);
  const stock = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...stock,
    getSourceFile: (path, version) =>
      path === file ? ts.createSourceFile(path, text, version) : stock.getSourceFile(path, version),
  };
  const program = ts.createProgram([file], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

test('the declarations are found', () => {
  expect(values).toContain('AbortController');
  expect(values).toContain('WebAssembly');
  expect(functions.map(({ name }) => name)).toContain('setTimeout');
});

test.each([
  ['pages', values, ['dom'], []],
  ['workers', values, ['webworker'], []],
  // Node's declarations leave WebAssembly to those of pages.
  ['Node', values.filter((name) => name !== 'WebAssembly'), [], ['node']],
])('%s have what the core uses', (_runtime, names, lib, types) => {
  expect(complaints(names, lib, types)).toEqual([]);
});

test('Node has it at run time', () => {
  for (const name of [...values, ...functions.map((declared) => declared.name)])
    expect(Reflect.has(globalThis, name)).toBe(true);
});
