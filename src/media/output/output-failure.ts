/** The error of an output that could not be written. */
import { DnnError, errorMessage } from '../../base/errors.ts';

/** Its message names the output, its cause is what was thrown. */
export class OutputFailure extends DnnError {
  declare readonly code: 'ENOSPC' | 'EIO';

  /** @param path of the output; left out where it is not about one of them. */
  constructor(code: 'ENOSPC' | 'EIO', reason: string, path?: string, cause?: unknown) {
    const details = path === undefined ? {} : { path };
    super(code, path === undefined ? reason : `${path}: ${reason}`, details, { cause });
  }
}

/** What is told of an output where `thrown` ended it. @param path of the output, where one is known. */
export function outputFailure(thrown: unknown, path?: string): OutputFailure {
  if (thrown instanceof OutputFailure) return thrown;
  const noSpace =
    (thrown instanceof DOMException && thrown.name === 'QuotaExceededError') ||
    (thrown instanceof DnnError && thrown.code === 'ENOSPC');
  const hint = noSpace ? 'No space left for the output, free some: ' : '';
  return new OutputFailure(noSpace ? 'ENOSPC' : 'EIO', `${hint}${errorMessage(thrown)}`, path, thrown);
}
