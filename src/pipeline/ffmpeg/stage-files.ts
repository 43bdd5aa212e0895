/** The files of the store, as the ffmpeg stages of a job see them. */
import type { CoreInput } from '../../media/core-options.ts';
import type { FileStore } from '../../media/file-store.ts';

/** What every stage of a job sees. */
export interface StageFiles {
  /** Folder that relative paths start from. */
  readonly cwd: string;
  readonly inputs: readonly CoreInput[];
  readonly directories: readonly string[];
}

/** What the store holds now, and what a command adds to it. */
export function stageFiles(store: FileStore, cwd: string, more: readonly CoreInput[] = []): StageFiles {
  return { cwd, inputs: [...store.files(), ...more], directories: store.folders() };
}
