/** A Comlink connection to a worker whose pending calls settle even when the worker dies. */
import { releaseProxy, wrap, type Remote } from 'comlink';
import { createDeferred } from '../base/deferred.ts';
import { DnnError } from '../base/errors.ts';
import { installErrorTransfer } from './error-transfer.ts';
import { announcedLock, engineLocks, onLifeEnded } from '../media/life-lock.ts';

/** The worker's interface as the caller sees it: every method answers with a promise. */
export type RemoteApi<Api> = Remote<Api>;

/** What is needed of a Worker; tests have others. */
export type WorkerThread = Pick<
  Worker,
  'postMessage' | 'addEventListener' | 'removeEventListener' | 'terminate'
>;

/** One of our own workers, seen from the side that started it. */
export class WorkerClient<Api> {
  static #alive = 0;
  readonly #worker: WorkerThread;
  readonly #failure: (what: string) => Error;
  readonly #api: Remote<Api>;
  /** One entry per call that has not settled: how to reject it. */
  readonly #pending = new Set<(reason: unknown) => void>();
  readonly #life = new AbortController();
  readonly #ended = createDeferred<unknown>();
  #end: { readonly reason: unknown } | undefined;

  /**
   * @param label what the worker does, for messages: `inference worker 1`.
   * @param failure makes the reason of the end where the worker fails by itself.
   * @param locksOf gives the locks that the worker shares, where it announces its own.
   */
  constructor(
    worker: WorkerThread,
    label: string,
    failure = (what: string): DnnError =>
      new DnnError('DNN_GENERIC_ERROR', `${label} ${what}`, { worker: label }),
    locksOf = engineLocks,
  ) {
    installErrorTransfer();
    this.#worker = worker;
    this.#failure = failure;
    WorkerClient.#alive += 1;
    this.#api = wrap<Api>(worker);
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      const cause = event.message || 'its script could not be loaded';
      this.terminate(failure(`failed: ${cause}`));
    });
    worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      const lock = announcedLock(data);
      const locks = lock === undefined ? undefined : locksOf();
      if (lock === undefined || locks === undefined) return;
      const died = (): void => {
        this.terminate(failure('died'));
      };
      onLifeEnded(lock, this.#life.signal, died, locks);
    });
    worker.addEventListener('messageerror', () => {
      this.terminate(failure('sent a message that could not be read'));
    });
  }

  /** Workers that were started from this thread and not ended, nor noticed as dead. */
  static get alive(): number {
    return WorkerClient.#alive;
  }

  /** Resolves with the reason once the worker has ended, by `terminate` or by itself. */
  get ended(): Promise<unknown> {
    return this.#ended.promise;
  }

  /** Calls the worker; rejects with what the worker threw, or with the reason of its end. */
  call<T>(run: (api: Remote<Api>) => Promise<T>): Promise<T> {
    const { promise, resolve, reject } = createDeferred<T>();
    if (this.#end !== undefined) {
      reject(this.#end.reason);
      return promise;
    }
    this.#pending.add(reject);
    const settled = (): void => void this.#pending.delete(reject);
    run(this.#api).then(resolve, reject).finally(settled);
    return promise;
  }

  /**
   * Ends the worker at once; every pending and later call rejects with `reason`. Calling it twice is allowed.
   */
  terminate(reason: unknown = new DOMException('The worker was terminated.', 'AbortError')): void {
    if (this.#end !== undefined) return;
    this.#end = { reason };
    this.#life.abort();
    WorkerClient.#alive -= 1;
    for (const reject of this.#pending) reject(reason);
    this.#pending.clear();
    this.#api[releaseProxy]();
    this.#worker.terminate();
    this.#ended.resolve(reason);
  }

  /** As `terminate`, where the worker has failed by itself. @param what it did. */
  giveUp(what: string): void {
    this.terminate(this.#failure(what));
  }

  /** Ends the worker as a crash does: no call settles, nobody is told. */
  crash(): void {
    this.#worker.terminate();
  }
}
