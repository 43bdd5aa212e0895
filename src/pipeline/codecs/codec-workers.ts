/**
 * Codec workers of a command. One takes a tenth of a second to start, so those that will be wanted start
 * before anybody knows what for.
 */
import { DnnError } from '../../base/errors.ts';
import type { AssetUrls } from '../../workers/asset-urls.ts';
import type { CodecApi } from '../../workers/codec-api.ts';
import { spawnCodecWorker } from '../../workers/spawn.ts';
import type { WorkerClient } from '../../workers/worker-client.ts';

/** Makes the error of a worker that fails by itself. @param what it did. */
type WorkerFailure = (what: string) => DnnError;

/** A worker that nobody has taken yet. */
interface SpareWorker {
  readonly client: WorkerClient<CodecApi>;
  /** From now on its failures are those of whoever has taken it. */
  readonly hand: (failure: WorkerFailure) => void;
}

/** To be ended in any case; workers that were taken are those of their takers. */
export class CodecWorkers {
  readonly #assets: AssetUrls;
  readonly #spares = new Set<SpareWorker>();
  #hasEnded = false;

  constructor(assets: AssetUrls) {
    this.#assets = assets;
  }

  /** Starts workers until `count` wait to be taken. One that does not start is not given to anybody. */
  prepare(count: number): void {
    while (!this.#hasEnded && this.#spares.size < count) this.#startSpare();
  }

  /**
   * A worker for one decoder or one encoder, which the caller ends.
   *
   * @param label what it does, for messages: `decoder worker`.
   * @param failure as of WorkerClient.
   */
  take(label: string, failure: WorkerFailure): WorkerClient<CodecApi> {
    const [spare] = this.#spares;
    if (spare === undefined) return spawnCodecWorker(this.#assets, label, failure);
    this.#spares.delete(spare);
    spare.hand(failure);
    return spare.client;
  }

  /** Ends the workers that nobody has taken. */
  end(): void {
    this.#hasEnded = true;
    for (const { client } of this.#spares) client.terminate();
    this.#spares.clear();
  }

  #startSpare(): void {
    const label = 'codec worker';
    let failure: WorkerFailure = (what) => new DnnError('EIO', `the ${label} ${what}`);
    const client = spawnCodecWorker(this.#assets, label, (what) => failure(what));
    const spare: SpareWorker = {
      client,
      hand: (next) => {
        failure = next;
      },
    };
    this.#spares.add(spare);
    void client.ended.then(() => this.#spares.delete(spare));
  }
}
