/**
 * A worker's life as a Web Lock: the worker holds the lock until it ends, however it ends, and whoever waits
 * for the same lock gets it then. A dead worker fires no event, but the browser releases its locks at once.
 */

/** What is needed of a LockManager; tests have their own. */
export interface LifeLocks {
  request(name: string, options: { readonly signal?: AbortSignal }, held: () => unknown): Promise<unknown>;
}

/** Those of the engine; undefined where it has none, or the page is no secure context. */
export function engineLocks(): LifeLocks | undefined {
  return 'locks' in navigator ? navigator.locks : undefined;
}

/**
 * Called in the worker: takes the lock and never gives it back.
 *
 * @returns whether the lock is held; false without locks.
 */
export function holdLifeLock(name: string, locks: LifeLocks | undefined): Promise<boolean> {
  if (locks === undefined) return Promise.resolve(false);
  return new Promise((resolve, reject) => {
    const never = new Promise<never>(() => undefined);
    locks
      .request(name, {}, () => {
        resolve(true);
        return never;
      })
      .catch(reject);
  });
}

/** What a worker posts beside its answers, once it holds its lock. */
interface LifeMessage {
  /** Name of the lock. */
  readonly lifeLock: string;
}

/**
 * Called in a worker: takes a lock for life and posts its name. Does nothing without locks: the
 * worker's death is not noticed then.
 */
export async function announceLife(
  port: Pick<MessagePort, 'postMessage'>,
  locks: LifeLocks | undefined,
): Promise<void> {
  if (locks === undefined) return;
  const message: LifeMessage = { lifeLock: `ffmpeg-dnn ${crypto.randomUUID()}` };
  await holdLifeLock(message.lifeLock, locks);
  port.postMessage(message);
}

/**
 * Called beside the worker, with each of its messages.
 * @returns the name of its lock, where the message has it.
 */
export function announcedLock(message: unknown): string | undefined {
  if (typeof message !== 'object' || message === null || !('lifeLock' in message)) return undefined;
  return String(message.lifeLock);
}

/**
 * Called beside the worker, once it holds the lock: calls back when the worker has ended.
 *
 * @param signal ends the wait.
 */
export function onLifeEnded(name: string, signal: AbortSignal, ended: () => void, locks: LifeLocks): void {
  locks.request(name, { signal }, ended).catch(() => undefined); // only the signal rejects it
}
