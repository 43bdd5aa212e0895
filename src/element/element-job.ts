/** What `<ffmpeg-dnn>` does at a time: a job with its begin, its end, and a way to cancel it in between. */
import { createDeferred } from '../base/deferred.ts';

export class ElementJob {
  readonly #abort = new AbortController();
  readonly #ended = createDeferred<undefined>();

  /** Aborted by `cancel()`. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Resolves once `end()` was called. */
  get ended(): Promise<undefined> {
    return this.#ended.promise;
  }

  /** Asks for the end; settles with it. Calling it twice is allowed. */
  async cancel(): Promise<void> {
    this.#abort.abort(new DOMException('Cancelled.', 'AbortError'));
    await this.#ended.promise;
  }

  /** Called where nothing of the job is left. */
  end(): void {
    this.#ended.resolve(undefined);
  }
}
