/** What `<ffmpeg-dnn>` does at a time: a job with its begin, its end, and a way to cancel it in between. */
import { createDeferred } from '../base/deferred.ts';
import type { JobStats } from '../index.ts';
import type { NamedBlob } from './element-stage.ts';

/** What a file has become. */
export interface FileMade {
  readonly before: NamedBlob;
  /** Null where it went to a stream or an address. */
  readonly blob: Blob | null;
  readonly stats: JobStats | null;
}

/** What `process()` has made; live video makes nothing, and goes on. */
export type Made = FileMade | 'live';

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
