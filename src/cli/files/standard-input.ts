/** Standard input as a file: several stages of a job read it, each from its start. */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stdinPath } from '../../media/core-options.ts';
import type { Command } from '../../pipeline/command/command.ts';
import { namedFilters } from './named-filters.ts';

/** Whether a name of an input means standard input. */
function isStdin(url: string): boolean {
  return /^((async|cache|crypto):)*(-|pipe:0?)$/.test(url);
}

/** Whether an input of the command, or one of its `movie` filters, is standard input. */
export function readsStdin(command: Command, cwd: string): boolean {
  const movies = namedFilters(command, cwd).filter(({ name }) => name === 'movie' || name === 'amovie');
  return (
    command.inputs.some(({ url }) => isStdin(url)) ||
    movies.some(({ options }) =>
      options.some(([name, value]) => (name === '' || name === 'filename') && isStdin(value)),
    )
  );
}

/** A file that holds what came on standard input. */
export class SpooledInput {
  /** The name that the page gives it. */
  readonly name = stdinPath;
  /** Absolute path on disk. */
  readonly path: string;
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.path = join(folder, 'stdin');
  }

  /**
   * Writes a stream to disk as fast as the disk takes it.
   *
   * @throws the signal's reason; what reading or writing fails with. No file is left then.
   */
  static async from(stream: Readable, signal: AbortSignal): Promise<SpooledInput> {
    const spooled = new SpooledInput(await mkdtemp(join(tmpdir(), 'ffmpeg-dnn-')));
    try {
      await pipeline(stream, createWriteStream(spooled.path, { mode: 0o600 }), { signal });
      return spooled;
    } catch (error) {
      await spooled.remove();
      throw error;
    }
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}
