/**
 * The custom elements manifest, by which editors know `<ffmpeg-dnn>`: made from
 * what its class says of itself.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as analyzer from '@custom-elements-manifest/analyzer';

// Its declarations leave out what it exports.
const { create, ts } = /** @type {any} */ (analyzer);

/**
 * Writes the manifest of the elements that the modules of a folder define, as one module: the built one.
 *
 * @param {string} sources folder
 * @param {string} module path of the built module in the package
 * @param {string} file
 */
export function writeCustomElementsManifest(sources, module, file) {
  const names = readdirSync(sources).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  const { schemaVersion, modules } = create({
    modules: names.map((name) =>
      ts.createSourceFile(name, readFileSync(join(sources, name), 'utf8'), ts.ScriptTarget.ES2022, true),
    ),
    plugins: [],
    context: { dev: false },
  });
  const elements = modules
    .flatMap((/** @type {any} */ { declarations }) => declarations)
    .filter((/** @type {any} */ declaration) => declaration.customElement === true)
    .map(publicPart);
  if (elements.length === 0) throw new Error(`${sources} defines no element.`);
  const exports = elements.flatMap((/** @type {any} */ { name, tagName }) => {
    const declaration = { name, module };
    return [
      { kind: 'js', name, declaration },
      { kind: 'custom-element-definition', name: tagName, declaration },
    ];
  });
  const made = { kind: 'javascript-module', path: module, declarations: elements, exports };
  writeFileSync(file, `${JSON.stringify({ schemaVersion, readme: '', modules: [made] }, undefined, 2)}\n`);
}

/**
 * Without what a page cannot call, and without the modules of our own that a class is put together from.
 *
 * @param {any} declaration
 */
function publicPart(declaration) {
  const { members, attributes, events } = declaration;
  const isPublic = (/** @type {any} */ { privacy }) => privacy === undefined || privacy === 'public';
  const isDescribed = (/** @type {any} */ { description }) => description !== undefined;
  const here = (/** @type {any} */ member) => ({ ...member, inheritedFrom: undefined });
  return {
    ...declaration,
    superclass: { name: 'HTMLElement' },
    members: members.filter(isPublic).map(here),
    attributes: attributes.map(here),
    events: events.filter(isDescribed).map(here),
  };
}
