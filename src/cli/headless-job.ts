/** What the command line and its page say to each other; plain data. */
import type { JobStats } from '../index.ts';

export interface HeadlessJob {
  readonly args: readonly string[];
  readonly cwd: string;
  /** Absolute paths, in the order in which the page's file input holds them. */
  readonly inputs: readonly string[];
  /** Existing folders on disk that the command may write to. */
  readonly folders: readonly string[];
  /** Where the page sends the bytes of every file that ffmpeg creates: this URL and the file's path behind it. */
  readonly outputUrl: string;
}

export interface HeadlessResult {
  readonly exitCode: number;
  /** One line, where this project's own part failed. */
  readonly message?: string;
  readonly code?: string | undefined;
  readonly stats?: JobStats | undefined;
}
