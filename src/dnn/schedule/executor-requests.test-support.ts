/** What an executor must call the backend for, request by request, whatever becomes of the calls. */

/** Inference `index` of task `task`. */
export interface Item {
  readonly task: number;
  readonly index: number;
}

/** How a call ends. `lose` may be tried again; `lose for good` may not. */
export type Ending = 'succeed' | 'fail' | 'miscount' | 'lose' | 'lose for good';

/** A request from its first call to its last: which calls must still come, and what its items came to. */
interface RequestRecord {
  readonly items: readonly Item[];
  readonly calls: (readonly Item[])[];
  readonly failed: Set<Item>;
  /** The call that runs is the second try of the same items. */
  isRetry: boolean;
}

/** Follows the requests of all slots. */
export class RequestModel {
  readonly #onDone: (item: Item, hasFailed: boolean) => void;
  readonly #requests = new Map<number, RequestRecord>();
  #isClosed = false;
  /** Second tries, and batches that were run again item by item. */
  retries = 0;
  splits = 0;

  /** @param onDone told of every item of a request, once the request is over. */
  constructor(onDone: (item: Item, hasFailed: boolean) => void) {
    this.#onDone = onDone;
  }

  /** Requests that are not over. */
  get size(): number {
    return this.#requests.size;
  }

  /** What the slot's next call has to carry; undefined where it may be a new request. */
  expectedCall(slot: number): readonly Item[] | undefined {
    return this.#requests.get(slot)?.calls[0];
  }

  /** @returns whether the call started a new request. */
  start(slot: number, items: readonly Item[]): boolean {
    if (this.#requests.has(slot)) return false;
    this.#requests.set(slot, { items, calls: [items], failed: new Set(), isRetry: false });
    return true;
  }

  /** Decides which call must follow in this slot; without one the request is over. */
  endCall(slot: number, items: readonly Item[], ending: Ending): void {
    const request = this.#requests.get(slot)!;
    const isLost = ending === 'lose' || ending === 'lose for good';
    if (ending === 'lose' && !request.isRetry && !this.#isClosed) {
      request.isRetry = true;
      this.retries += 1;
      return;
    }
    request.isRetry = false;
    request.calls.shift();
    if (ending !== 'succeed' && !isLost && items.length > 1 && !this.#isClosed) {
      this.splits += 1;
      request.calls.push(...items.map((item) => [item]));
    } else if (ending !== 'succeed') {
      for (const item of items) request.failed.add(item);
    }
    if (this.#isClosed) this.#drop(request);
    if (request.calls.length === 0) this.#end(slot, request);
  }

  /** A close ends a request with its running call, and at once where it is between two calls. */
  close(running: readonly number[]): void {
    this.#isClosed = true;
    for (const [slot, request] of this.#requests) {
      if (running.includes(slot)) continue;
      this.#drop(request);
      this.#end(slot, request);
    }
  }

  #drop(request: RequestRecord): void {
    for (const item of request.calls.splice(0).flat()) request.failed.add(item);
  }

  #end(slot: number, request: RequestRecord): void {
    this.#requests.delete(slot);
    for (const item of request.items) this.#onDone(item, request.failed.has(item));
  }
}
