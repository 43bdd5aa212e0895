/** Where an output may go besides the file store, and what the writer needs of an open output. */

/**
 * A file that the user picked, a stream, or an HTTP address (see `http-file.ts`). File and stream are filled when the
 * output is complete; a stream for standard output is fed as the bytes come.
 */
export type OutputTarget = FileSystemFileHandle | WritableStream<Uint8Array> | HttpTarget;

/** An address that takes the file's bytes as they come. */
export interface HttpTarget {
  readonly url: string;
}

export function isHttpTarget(target: OutputTarget): target is HttpTarget {
  return 'url' in target;
}

export function isStreamTarget(target: OutputTarget): target is WritableStream<Uint8Array> {
  return 'getWriter' in target;
}

/**
 * One open output. Calls come one at a time and in order; the writer awaits a promise before it makes the next. `bytes`
 * are valid only during the call.
 */
export interface OutputFile {
  write: (offset: number, bytes: Uint8Array) => void | Promise<void>;
  /** Copies at most `into.length` bytes and gives their count; 0 at the end of the file. */
  read: (offset: number, into: Uint8Array) => number | Promise<number>;
  truncate: (size: number) => void | Promise<void>;
  /** ffmpeg closed the file. It may come back to it: give up handles, keep the bytes. */
  rest: () => void | Promise<void>;
  /** The file is complete. Gives its bytes where they stay on this side. */
  finish: () => Promise<Blob | undefined>;
  /** The file is not wanted. */
  discard: () => Promise<void>;
}
