/**
 * Filter chains of jobs, with the model files that they name, for the product's
 * page and the command line alike.
 */
import { existsSync } from 'node:fs';
import { copyFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { defaultModelFolder } from '../scripts/convert-default-models.mjs';
import { graphDefOf } from './graphdef-network.mjs';
import * as networks from './networks.mjs';

/**
 * @typedef {object} PageChain
 * @property {string} chain of filters, which names its files without their folders: a
 * command line runs it in that folder
 * @property {string[]} files on disk
 */

/** @typedef {{ readonly width: number, readonly height: number }} Size */

/**
 * ESPCN 2x with random weights, on luma.
 *
 * @param {string} folder
 * @returns {Promise<PageChain>}
 */
export async function espcnChain(folder) {
  const file = join(folder, 'page-espcn.pb');
  // Its size is in no node: one file does for frames of all sizes.
  if (!existsSync(file)) await writeFile(file, graphDefOf(networks.espcn, { width: 360, height: 240 }));
  return { chain: `format=yuv420p,${processing(file)}`, files: [file] };
}

/**
 * One of the default models, on RGB.
 *
 * @param {string} folder
 * @param {'s' | 'm' | 'l'} size
 * @returns {Promise<PageChain>}
 */
export async function anime4kChain(folder, size) {
  const name = `anime4k-2x-${size}.pb`;
  const file = join(folder, name);
  if (!existsSync(file)) await copyFile(join(defaultModelFolder, name), file);
  return { chain: `format=rgb24,${processing(file)}`, files: [file] };
}

/** @param {string} file */
function processing(file) {
  return `dnn_processing=model=${basename(file)}:input=x:output=y`;
}

/**
 * Words and file of a clip for a job on the page.
 *
 * @param {readonly string[]} input words of the material: options, `-i` and a path
 */
export function clipOnPage(input) {
  const path = input.at(-1) ?? '';
  return { path, words: [...input.slice(0, -1), basename(path)] };
}
