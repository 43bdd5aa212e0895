/** Workers without threads: the other end of a MessageChannel, with the locks of a realm of its own. */
import { expose } from 'comlink';
import { installErrorTransfer } from './error-transfer.ts';
import type { WorkerThread } from './worker-client.ts';
import type { LockRealm } from '../media/web-locks.test-support.ts';

/** A worker in this thread, as the side that started it sees it. */
export class PortWorker extends EventTarget implements WorkerThread {
  /** The end that the worker's code listens at. */
  readonly inside: MessagePort;
  readonly #port: MessagePort;
  readonly #realm: LockRealm | undefined;
  isTerminated = false;

  /** @param realm holds the worker's locks, and ends with it. */
  constructor(realm?: LockRealm) {
    super();
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.inside = port2;
    this.#realm = realm;
    port1.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      this.dispatchEvent(new MessageEvent('message', { data }));
    });
    port1.start();
  }

  /** A worker that offers these calls, and nothing else. */
  static offering(api: object): PortWorker {
    installErrorTransfer();
    const worker = new PortWorker();
    expose(api, worker.inside);
    return worker;
  }

  postMessage(message: unknown, options: Transferable[] | StructuredSerializeOptions = []): void {
    const transfer = Array.isArray(options) ? options : (options.transfer ?? []);
    if (!this.isTerminated) this.#port.postMessage(message, transfer);
  }

  terminate(): void {
    this.isTerminated = true;
    this.#port.close();
    this.#realm?.end();
  }

  /**
   * As an error that nobody caught in the worker.
   * @returns whether it is still to be reported in the console.
   */
  fail(message: string): boolean {
    return this.dispatchEvent(Object.assign(new Event('error', { cancelable: true }), { message }));
  }

  /** As a message that cannot be read on this side. */
  garble(): void {
    this.dispatchEvent(new MessageEvent('messageerror'));
  }
}
