/** Answers the thread that started this worker: the other end of a WorkerClient. */
import { expose, type Endpoint } from 'comlink';
import { installErrorTransfer } from './error-transfer.ts';

/**
 * @param api what the other side may call; its methods' arguments and results cross as messages.
 * @param endpoint where the calls come from; this worker's own where left out.
 */
export function exposeWorker(api: object, endpoint?: Endpoint): void {
  installErrorTransfer();
  expose(api, endpoint);
}
