/** Whether a name on disk is one of a file that can be read like one. */
import { statSync } from 'node:fs';

/** True for regular files, and for links to them; false for folders, pipes, devices and what is missing. */
export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
