/** A worker without a thread that announces its life, as `exposeForLife` does, and its client. */
import { expose } from 'comlink';
import { installErrorTransfer } from './error-transfer.ts';
import { announceLife } from '../media/life-lock.ts';
import { PortWorker } from './port-worker.test-support.ts';
import { WebLocks } from '../media/web-locks.test-support.ts';
import { WorkerClient } from './worker-client.ts';

/** The locks that all of them share. */
export const livingLocks = new WebLocks();

/** A client, and how its worker dies: without a word, once the client has heard of its lock. */
export interface LivingWorker<Api> {
  readonly client: WorkerClient<Api>;
  readonly worker: PortWorker;
  die(): Promise<void>;
}

/** @param api what the worker answers with. @param label as of WorkerClient. */
export function livingWorker<Api extends object>(api: object, label: string): LivingWorker<Api> {
  installErrorTransfer();
  const realm = livingLocks.realm();
  const worker = new PortWorker(realm);
  const page = livingLocks.realm();
  const client = new WorkerClient<Api>(worker, label, undefined, () => page);
  expose(api, worker.inside);
  const heard = new Promise<void>((resolve) => {
    worker.addEventListener('message', () => {
      resolve();
    });
  });
  void announceLife(worker.inside, realm);
  return {
    client,
    worker,
    die: async () => {
      await heard;
      realm.end();
    },
  };
}
