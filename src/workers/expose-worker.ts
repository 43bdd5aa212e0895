/** Answers the thread that started this worker: the other end of a WorkerClient. */
import { expose, type Endpoint } from 'comlink';
import { installErrorTransfer } from './error-transfer.ts';
import { announceLife, engineLocks } from '../media/life-lock.ts';

/**
 * @param api what the other side may call; its methods' arguments and results cross as messages.
 * @param endpoint where the calls come from; this worker's own where left out.
 */
export function exposeWorker(api: object, endpoint?: Endpoint): void {
  installErrorTransfer();
  expose(api, endpoint);
}

/** The same in a worker whose end its client is to notice, however it comes. */
export function exposeForLife(api: object): void {
  exposeWorker(api);
  void announceLife(self, engineLocks());
}
