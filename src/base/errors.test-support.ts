/** For tests of refusals. */
import { DnnError } from './errors.ts';

/** The DnnError that `run` throws; any other outcome is an error of the test. */
export function failure(run: () => unknown): DnnError {
  try {
    run();
  } catch (error) {
    if (error instanceof DnnError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
