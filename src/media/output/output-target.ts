/** Where an output may go besides the file store, and what the writer needs of an open output. */

/**
 * A file that the user picked, a stream, or an HTTP address. File and stream are filled when the
 * output is complete; a stream for standard output is fed as the bytes come.
 */
export type OutputTarget = FileSystemFileHandle | WritableStream<Uint8Array> | HttpTarget;

/**
 * An address that takes the file's bytes as they come. These parameters are added to its query:
 *
 * - `POST URL?path=PATH&offset=N`: the body goes to position N of the file PATH,
 *   which is made where it is missing.
 * - `GET URL?path=PATH&offset=N&length=L`: up to L bytes from position N, none at the end of the file.
 * - `POST URL?path=PATH&truncate=SIZE`: the file is cut or filled with zeros to SIZE bytes.
 * - `POST URL?path=PATH&rename=NEW`: the file gets the path NEW and replaces what is there.
 * - `POST URL?path=PATH&finish=SIZE`: the file is complete and has SIZE bytes.
 * - `DELETE URL?path=PATH`: the file is not wanted.
 *
 * Any status from 200 to 299 is success; 507 means that there is no space.
 */
export interface HttpTarget {
  /** Absolute. */
  readonly url: string;
}

export function isHttpTarget(target: OutputTarget): target is HttpTarget {
  return 'url' in target;
}

export function isStreamTarget(target: OutputTarget): target is WritableStream<Uint8Array> {
  return 'getWriter' in target;
}

/**
 * One open output. Calls come one at a time and in order; the writer awaits a promise before it makes the
 * next. `bytes` are valid only during the call.
 */
export interface OutputFile {
  write: (offset: number, bytes: Uint8Array) => void | Promise<void>;
  /** Copies at most `into.length` bytes and gives their count; 0 at the end of the file. */
  read: (offset: number, into: Uint8Array) => number | Promise<number>;
  truncate: (size: number) => void | Promise<void>;
  /** The path at the target is another one from now on; what is there is replaced. */
  rename: (path: string) => void | Promise<void>;
  /** ffmpeg closed the file. It may come back to it: give up handles, keep the bytes. */
  rest: () => void | Promise<void>;
  /** The file is complete. Gives its bytes where they stay on this side. */
  finish: () => Promise<Blob | undefined>;
  /** The file is not wanted. */
  discard: () => Promise<void>;
}

/**
 * The `moov` box of a file with the same tracks as the output at a path. Rejects with the reason why there is
 * none.
 */
export type TemplateSource = (path: string) => Promise<Uint8Array>;
