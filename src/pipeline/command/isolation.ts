/** Frame pipes are shared memory, which a page gets only when it is cross-origin isolated. */
import { DnnError } from '../../base/errors.ts';

/** Whether this page, or worker, has shared memory. */
export function isIsolated(): boolean {
  return globalThis.crossOriginIsolated;
}

/** @throws DnnError `ENOSYS` that names the two response headers. */
export function requireIsolation(): void {
  if (isIsolated()) return;
  throw new DnnError(
    'ENOSYS',
    'DNN filters on whole files need a cross-origin isolated page: serve it over https or from localhost with the ' +
      'response headers "Cross-Origin-Opener-Policy: same-origin" and "Cross-Origin-Embedder-Policy: require-corp". ' +
      'Commands without DNN filters run without them.',
  );
}
