/** The files that a model consists of: it may name others, but only files in or below its own folder. */
import { existsSync, realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, sep } from 'node:path';
import { DnnError } from '../../base/errors.ts';
import { isFile } from './is-file.ts';

/**
 * Whether a file is a regular one in or below the folder of a model, after all links. What a model names
 * comes from wherever the model comes from, so it must not lead to other files of this machine.
 */
export function isModelPart(path: string, model: string): boolean {
  if (!isFile(path)) return false;
  return realpathSync(path).startsWith(`${realpathSync(dirname(model))}${sep}`.replace(/\/\/$/, '/'));
}

/**
 * Reads a model, or a file that it names.
 *
 * @param model absolute path of what the user named; a link that stands there leads where the user wants.
 * @throws DnnError `ENOENT` for a missing file, `EINVAL` for one that is not read
 */
export async function readModelPart(path: string, model: string): Promise<Uint8Array> {
  if (!existsSync(path)) throw new DnnError('ENOENT', `${path}: No such file or directory`, { path });
  if (!isFile(path)) throw new DnnError('EINVAL', `${path} is no regular file`, { path });
  if (path !== model && !isModelPart(path, model)) {
    const where = `it is outside of ${dirname(model)}`;
    throw new DnnError(
      'EINVAL',
      `${where}, and of what a model names only files in or below its folder are read`,
      {
        path,
      },
    );
  }
  return new Uint8Array(await readFile(path));
}
