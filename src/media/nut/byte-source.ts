/** Where a reader pulls its bytes from. */

/** A pull source of bytes: a pipe, a file or memory. */
export interface ByteSource {
  /**
   * Writes the next bytes to the start of `into` and resolves to their number; 0 is the end of the stream.
   * `into` is never empty. It may be a view of any ArrayBuffer, and is the caller's
   * again once the promise settles.
   */
  read(into: Uint8Array<ArrayBuffer>): Promise<number>;
}
