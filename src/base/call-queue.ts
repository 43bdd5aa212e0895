/** Serves calls one after another, in the order in which they came. */
export class CallQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** @param serve may throw: its caller has the failure, the next call is served all the same. */
  serve<T>(serve: () => Promise<T>): Promise<T> {
    const result = this.#last.then(serve);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
