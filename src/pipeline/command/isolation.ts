/** Frame pipes are shared memory, which a page gets only when it is cross-origin isolated. */

/** Whether this page, or worker, has shared memory. */
export function isIsolated(): boolean {
  return globalThis.crossOriginIsolated;
}
