/**
 * The linter's side of import-layers.mjs: which imports under src/ point up, or
 * to a package that is not theirs.
 */
import { dirname, join, relative, sep } from 'node:path';
import { mayImport, packageHomes, roomOf } from './import-layers.mjs';

const src = join(import.meta.dirname, '../src');

/**
 * What is wrong with an import.
 *
 * @param {string} file path below src/, with slashes.
 * @param {string} name what stands in the import.
 * @returns {string | undefined} undefined where it is allowed.
 */
export function importProblem(file, name) {
  // It names a file that is fetched at run time, and takes none of its code.
  if (/\?(worker&|module)?url\b/.test(name)) return undefined;
  if (!name.startsWith('.')) {
    const home = packageHomes.find(({ prefix }) => name.startsWith(prefix))?.home;
    return home === undefined || file.startsWith(`${home}/`)
      ? undefined
      : `Only src/${home} may import ${name}.`;
  }
  const [from, to] = [file, join(dirname(file), name).split(sep).join('/')].map(roomOf);
  return from === undefined || to === undefined || mayImport(from, to)
    ? undefined
    : `src/${from} must not import src/${to}: imports point down.`;
}

/** @type {import('eslint').Rule.RuleModule} */
export const importsPointDown = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const file = relative(src, context.filename).split(sep).join('/');
    /** @param {{ source?: import('estree').Node | null | undefined }} node */
    const check = ({ source }) => {
      if (source?.type !== 'Literal' || typeof source.value !== 'string') return;
      const message = importProblem(file, source.value);
      if (message !== undefined) context.report({ node: source, message });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};
