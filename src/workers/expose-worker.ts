/** Answers the thread that started this worker: the other end of a WorkerClient. */
import { expose } from 'comlink';
import { installErrorTransfer } from './error-transfer.ts';

/** @param api what the other side may call; its methods' arguments and results cross as messages. */
export function exposeWorker(api: object): void {
  installErrorTransfer();
  expose(api);
}
