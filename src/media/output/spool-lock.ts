/**
 * The Web Lock that says that a spool folder is in use. Its worker holds it, and the page waits
 * for it once it has a Blob of the folder: it then holds the lock after the worker's end, so that
 * nobody sweeps what the Blob reads.
 */

/** The folder of the origin private file system that holds all spool folders. */
export const topFolder = 'ffmpeg-dnn';

/** Undefined where there are none: an insecure page, an old browser. */
export function webLocks(): LockManager | undefined {
  return 'locks' in navigator ? navigator.locks : undefined;
}

/** The lock of a spool folder. */
export function spoolLock(name: string): string {
  return `${topFolder}/${name}`;
}

/** Resolves once the lock is held, with the function that gives it back. */
export async function hold(locks: LockManager | undefined, name: string): Promise<() => void> {
  if (locks === undefined) return () => undefined;
  return new Promise((resolve, reject) => {
    locks
      .request(
        name,
        () =>
          new Promise<void>((release) => {
            resolve(release);
          }),
      )
      .catch(reject);
  });
}

/**
 * Called by the page while a worker holds the lock: the folder stays when the worker dies.
 *
 * @returns lets the folder go.
 */
export function outliveWorker(name: string): () => void {
  const locks = webLocks();
  if (locks === undefined) return () => undefined;
  let letGo = (): void => undefined;
  const ended = new Promise<void>((resolve) => (letGo = resolve));
  const abort = new AbortController();
  // Rejected where it is let go while the worker lives, and where the page is on its way out.
  locks.request(spoolLock(name), { signal: abort.signal }, () => ended).catch(() => undefined);
  return () => {
    letGo();
    abort.abort();
  };
}

const kept = new Set<string>();

/** Called by the page: the folder stays until the page is closed. Calling it twice is allowed. */
export function keepSpool(name: string): void {
  if (kept.has(name)) return;
  kept.add(name);
  // Rejected only where the page is on its way out: then nobody reads a Blob of it.
  hold(webLocks(), spoolLock(name)).catch(() => undefined);
}
