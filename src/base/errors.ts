/**
 * The one error class of the project. Names follow FFmpeg's error codes, so that a message can be compared
 * with what `ffmpeg` itself would return.
 */

/** FFmpeg's names: AVERROR(EINVAL) and so on, and DNN_GENERIC_ERROR of dnn_interface.h. */
export type DnnErrorCode =
  'EINVAL' | 'EIO' | 'ENOENT' | 'ENOMEM' | 'ENOSPC' | 'ENOSYS' | 'EPIPE' | 'DNN_GENERIC_ERROR';

/** Plain data that says where an error happened; it survives structured cloning. */
export interface DnnErrorDetails {
  readonly [name: string]: string | number | boolean | readonly string[] | undefined;
}

/**
 * Something this project refuses or fails to do.
 *
 * The message is one line: what happened, where, and what to do about it. `details` repeats the "where" as
 * data: filter, option, op, layer, byte offset, string position, frame pts.
 */
export class DnnError extends Error {
  /** Also tells it apart where it came from a worker, or from another copy of this package. */
  override readonly name = 'DnnError';
  /** What kind of failure it is. */
  readonly code: DnnErrorCode;
  /** Where it happened, as data. */
  readonly details: DnnErrorDetails;

  constructor(code: DnnErrorCode, message: string, details: DnnErrorDetails = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}

/** The message of anything that was thrown, for the tail of a longer message. */
export function errorMessage(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The code of anything that was thrown, for an error that it is the cause of. */
export function errorCode(thrown: unknown, otherwise: DnnErrorCode = 'DNN_GENERIC_ERROR'): DnnErrorCode {
  return thrown instanceof DnnError ? thrown.code : otherwise;
}
