/** The package's type declarations: those of its entries, and of what they name. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

/** An import of a file of ours in a declaration. */
const relativeImport = /((?:from|import\()\s*["'])(\.[^"']+)\.ts(["'])/g;

/**
 * Writes a `.d.ts` for each entry and for every module that its declarations need, below
 * `folder` as they are below `source`.
 *
 * One file at a time and without types of others, which takes no time; where a declaration would need an
 * inferred type it is an error, as `isolatedDeclarations` has it.
 *
 * @param {string} source folder of the sources
 * @param {readonly string[]} entries relative to it
 * @param {string} folder is emptied first
 * @throws {Error} that names what has no written type
 */
export function writeLibraryTypes(source, entries, folder) {
  rmSync(folder, { recursive: true, force: true });
  const files = new Set(entries.map((entry) => join(source, entry)));
  for (const file of files) {
    const declaration = declarationOf(file);
    for (const [, , path] of declaration.matchAll(relativeImport))
      files.add(join(dirname(file), `${path}.ts`));
    const target = join(folder, relative(source, file).replace(/\.ts$/, '.d.ts'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, declaration.replace(relativeImport, '$1$2.js$3'));
  }
}

/** @param {string} file */
function declarationOf(file) {
  const { outputText, diagnostics = [] } = ts.transpileDeclaration(readFileSync(file, 'utf8'), {
    fileName: file,
    reportDiagnostics: true,
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.Preserve,
      isolatedDeclarations: true,
      strict: true,
      // What the classes of one element are for each other, and what the
      // browser calls, is nothing for a page.
      stripInternal: true,
    },
  });
  const [first] = diagnostics;
  if (first !== undefined) {
    const { line } = ts.getLineAndCharacterOfPosition(readSource(first), first.start ?? 0);
    throw new Error(`${file}:${line + 1}: ${ts.flattenDiagnosticMessageText(first.messageText, '\n')}`);
  }
  return outputText;
}

/** @param {ts.Diagnostic} diagnostic */
function readSource({ file }) {
  if (file === undefined) throw new Error('A complaint without a file.');
  return file;
}
