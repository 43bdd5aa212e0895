/** The files in which a command keeps filters. */
import type { FileStore } from '../../media/file-store.ts';
import { resolvePath } from '../../media/resolve-path.ts';
import type { Command } from '../command/command.ts';
import { filterScripts } from '../command/plan.ts';

/**
 * Their texts, by the paths that the command names. A missing one is left out:
 * planCommand reports it with its place.
 */
export async function readScripts(
  command: Command,
  store: FileStore,
  cwd: string,
): Promise<Map<string, string>> {
  const scripts = new Map<string, string>();
  for (const path of filterScripts(command)) {
    const absolute = resolvePath(path, cwd);
    if (store.exists(absolute)) scripts.set(path, await store.blob(absolute).text());
  }
  return scripts;
}
