/**
 * A worker's life as a Web Lock: the worker holds the lock until it ends, however it ends, and whoever waits for the same
 * lock gets it then. A dead worker fires no event, but the browser releases its locks at once.
 */

/**
 * Called in the worker: takes the lock and never gives it back.
 *
 * @returns whether the lock is held; false where the engine has no Web Locks, or the page is no secure context.
 */
export function holdLifeLock(name: string): Promise<boolean> {
  if (!hasLocks()) return Promise.resolve(false);
  return new Promise((resolve, reject) => {
    const never = new Promise<never>(() => undefined);
    navigator.locks
      .request(name, () => {
        resolve(true);
        return never;
      })
      .catch(reject);
  });
}

/**
 * Called beside the worker, once it holds the lock: calls back when the worker has ended.
 *
 * @param signal ends the wait.
 */
export function onLifeEnded(name: string, signal: AbortSignal, ended: () => void): void {
  navigator.locks.request(name, { signal }, ended).catch(() => undefined); // only the signal rejects it
}

function hasLocks(): boolean {
  return 'locks' in navigator;
}
