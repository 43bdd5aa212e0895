/** Where a writer pushes its bytes to. */

/** A push target for bytes: a pipe, a file or memory. */
export interface ByteSink {
  /** Takes all of `bytes`; they are the caller's to change again once the promise settles. */
  write(bytes: Uint8Array): Promise<void>;
}
