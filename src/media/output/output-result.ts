/** What the writer tells of the outputs of a run. */
import type { MendedMovie } from '../mp4/mend-movie.ts';
import type { OutputFailure } from './output-failure.ts';

/** An output of a finished run. */
export interface WrittenFile {
  /** Absolute, or `pipe:1`. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** The bytes, where they stay in the browser: no target was given for the path. */
  readonly blob?: Blob | undefined;
  /** Name in the spool folder, if the blob lives there: to be removed with `SpoolFolder.remove`. */
  readonly spoolName?: string | undefined;
}

/** An mp4 or mov that ffmpeg did not finish. */
export type MendedFile = Mended & { readonly path: string };

/** How a file plays now, or why it does not. */
export type Mended = MendedMovie | { readonly reason: string };

/** What became of the outputs. With an `error` the files are as complete as they got. */
export interface OutputResult {
  readonly files: readonly WrittenFile[];
  /** Those that were not finished and whose packets are known; left out without any. */
  readonly mended?: readonly MendedFile[];
  readonly error?: OutputFailure;
}
