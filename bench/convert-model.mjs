/** Writes a network as a file of FFmpeg's native backend, by the built command line. */
import process from 'node:process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { builtCli } from './built-cli.mjs';

/**
 * @param {string} from absolute path of a model
 * @param {string} to absolute path of the `.model` file
 * @returns {Promise<string>} `to`
 * @throws {Error} with what the command says where it fails
 */
export async function convertModel(from, to) {
  const child = spawn(process.execPath, [builtCli, 'convert', '-y', from, to], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let messages = '';
  child.stderr.on('data', (/** @type {Buffer} */ part) => {
    messages += part.toString();
  });
  /** @type {unknown[]} */
  const closed = await once(child, 'close');
  if (closed[0] !== 0) throw new Error(`${from} was not converted: ${messages}`);
  return to;
}
