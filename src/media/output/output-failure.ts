/** What is told of an output that could not be written. */
import { errorMessage } from '../../base/errors.ts';

export interface OutputFailure {
  readonly code: 'ENOSPC' | 'EIO';
  readonly message: string;
}

/** @param path of the output, where the error may not name it */
export function outputFailure(thrown: unknown, path?: string): OutputFailure {
  const noSpace = thrown instanceof DOMException && thrown.name === 'QuotaExceededError';
  const message = errorMessage(thrown);
  const where = path === undefined || message.startsWith(path) ? '' : `${path}: `;
  const hint = noSpace && !message.includes('No space') ? 'No space left for the output, free some: ' : '';
  return { code: noSpace ? 'ENOSPC' : 'EIO', message: `${where}${hint}${message}` };
}
