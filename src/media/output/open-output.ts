/** Chooses where the bytes of one output are kept while ffmpeg works on it. */
import { HttpFile } from './http-file.ts';
import { MemoryFile } from './memory-file.ts';
import { OpfsFile } from './opfs-file.ts';
import type { SpoolRun } from './output-journal.ts';
import { isHttpTarget, isStreamTarget, type OutputFile, type OutputTarget } from './output-target.ts';
import { StreamFile } from './stream-file.ts';

/** Everything that decides about a path. */
export interface OutputTargets {
  /** By absolute path, or `pipe:1`. */
  readonly targets: ReadonlyMap<string, OutputTarget>;
  /** For paths without a target; the file store if left out. */
  readonly fallback?: OutputTarget | undefined;
  /** In the origin private file system; without it outputs are kept in memory. */
  readonly spool?: SpoolRun | undefined;
}

/** An output and the target that it writes to directly, if it does. */
export interface OpenOutput {
  readonly file: OutputFile;
  readonly direct: OutputTarget | undefined;
}

/** The target of a path. */
export function targetOf(outputs: OutputTargets, path: string): OutputTarget | undefined {
  return outputs.targets.get(path) ?? outputs.fallback;
}

/**
 * @param id by which the run tells it from its other outputs.
 * @param isStdout standard output never seeks, so that a stream can be fed directly.
 */
export function openOutput(
  outputs: OutputTargets,
  id: number,
  path: string,
  isStdout = !path.startsWith('/'),
): OpenOutput {
  const target = targetOf(outputs, path);
  if (target !== undefined && isHttpTarget(target)) {
    return { file: new HttpFile(target.url, path), direct: target };
  }
  if (target !== undefined && isStdout && isStreamTarget(target)) {
    return { file: new StreamFile(target), direct: target };
  }
  const { spool } = outputs;
  const file = spool === undefined ? new MemoryFile() : new OpfsFile(spool.folder, `${spool.run}.${id}`);
  return { file, direct: undefined };
}
