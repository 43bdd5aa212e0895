/** Files that set-up makes: written only where they differ, so that nothing looks newer than it is. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';

/**
 * Gives the file this content. It appears whole or not at all, also when two processes write it at once.
 *
 * @param {string} path
 * @param {Uint8Array} bytes
 */
export async function writeWhenDifferent(path, bytes) {
  const present = await readFile(path).catch(() => undefined);
  if (present?.equals(bytes) === true) return;
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, bytes);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
