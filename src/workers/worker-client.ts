/** A Comlink connection to a worker whose pending calls settle even when the worker dies. */
import { releaseProxy, wrap, type Remote } from 'comlink';
import { createDeferred } from '../base/deferred.ts';
import { DnnError } from '../base/errors.ts';
import { installErrorTransfer } from './error-transfer.ts';

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
  readonly #api: Remote<Api>;
  /** One entry per call that has not settled: how to reject it. */
  readonly #pending = new Set<(reason: unknown) => void>();
  #end: { readonly reason: unknown } | undefined;

  /**
   * @param label what the worker does, for messages: `inference worker 1`.
   * @param failure makes the reason of the end where the worker fails by itself.
   */
  constructor(
    worker: WorkerThread,
    label: string,
    failure = (what: string): DnnError =>
      new DnnError('DNN_GENERIC_ERROR', `${label} ${what}`, { worker: label }),
  ) {
    installErrorTransfer();
    this.#worker = worker;
    WorkerClient.#alive += 1;
    this.#api = wrap<Api>(worker);
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      const cause = event.message || 'its script could not be loaded';
      this.terminate(failure(`failed: ${cause}`));
    });
    worker.addEventListener('messageerror', () => {
      this.terminate(failure('sent a message that could not be read'));
    });
  }

  /** Workers that were started from this thread and not ended, nor noticed as dead. */
  static get alive(): number {
    return WorkerClient.#alive;
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

  /** Ends the worker at once; every pending and later call rejects with `reason`. Calling it twice is allowed. */
  terminate(reason: unknown = new DOMException('The worker was terminated.', 'AbortError')): void {
    if (this.#end !== undefined) return;
    this.#end = { reason };
    WorkerClient.#alive -= 1;
    for (const reject of this.#pending) reject(reason);
    this.#pending.clear();
    this.#api[releaseProxy]();
    this.#worker.terminate();
  }

  /** Ends the worker as a crash does: no call settles, nobody is told. */
  crash(): void {
    this.#worker.terminate();
  }
}
