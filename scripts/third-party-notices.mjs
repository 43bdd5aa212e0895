/** What the built library holds of others, with the licences that have to go with it. */
import { createRequire } from 'node:module';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/**
 * @typedef {object} Package
 * @property {string} name
 * @property {string} version
 * @property {string} license as package.json has it
 * @property {string} source where its sources are
 * @property {string} text of the licence
 */

/**
 * The text of the notice.
 *
 * @param {ReadonlyMap<string, ReadonlySet<string>>} users folders of packages, with the
 * built files that have code of each
 */
export function thirdPartyNotices(users) {
  const packages = [...users].map(([folder, files]) => ({
    ...readPackage(folder),
    files: [...files].toSorted(),
  }));
  packages.sort((a, b) => a.name.localeCompare(b.name));
  const list = packages.map(
    ({ name, version, license, source, files }) =>
      `${name} ${version}\n  licence: ${license}\n  sources: ${source}\n  in: ${files.join(', ')}\n`,
  );
  /** @type {Map<string, string[]>} */
  const byText = new Map();
  for (const { name, text } of packages) byText.set(text, [...(byText.get(text) ?? []), name]);
  const texts = [...byText].map(([text, names]) => `== ${names.join(', ')}\n\n${text.trim()}\n`);
  return [
    'Code of others in these files. Files that are not named here hold none.\n',
    "assets/ffmpeg-core.js and assets/ffmpeg-core.wasm are FFmpeg itself, under the GPL, and are the package's own",
    'unchanged files: no other file here holds any of their code. Whoever gives them on does so under the terms of the GPL;',
    'load({ coreURL, wasmURL }) uses others in their place.\n',
    ...list,
    ...texts,
  ].join('\n');
}

/**
 * The folder of the package that a file belongs to; undefined for a file of our own,
 * and for what a bundler makes up.
 *
 * @param {string} file
 */
export function packageFolder(file) {
  if (file.startsWith('\0')) return undefined;
  const match = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(file);
  return match?.[1];
}

/**
 * @param {string} folder
 * @returns {Package}
 */
function readPackage(folder) {
  const { name, version, license, repository, homepage } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  if (typeof license !== 'string') throw new Error(`${name}: its package.json names no licence.`);
  const source = typeof repository === 'string' ? repository : (repository?.url ?? homepage ?? 'unknown');
  return { name, version, license, source, text: licenseText(folder, name, license) };
}

/**
 * The package's own file, else the licence's text.
 *
 * @param {string} folder
 * @param {string} name
 * @param {string} license
 */
function licenseText(folder, name, license) {
  const own = readdirSync(folder).find((file) => /^(licen[cs]e|copying)(\.(txt|md))?$/i.test(file));
  if (own !== undefined) return readFileSync(join(folder, own), 'utf8');
  const listed = join(
    dirname(require.resolve('spdx-license-list/package.json')),
    'licenses',
    `${license}.json`,
  );
  if (!existsSync(listed))
    throw new Error(`${name}: no text is known for its licence ${license} (${basename(listed)}).`);
  return JSON.parse(readFileSync(listed, 'utf8')).licenseText;
}
