/** One inference worker from its start to its end, with the two ways of noticing that it is lost. */
import { transfer } from 'comlink';
import type { FrameShape } from '../dnn/run/frame-strips.ts';
import type { RunnerAnswer, RunnerRequest } from '../dnn/run/runner-kinds.ts';
import type { FrameGeometry, ResultSize } from '../dnn/run/runner.ts';
import type { RowRange } from '../dnn/contract/interface.ts';
import type { PlannedBytes } from '../dnn/contract/planned-bytes.ts';
import { errorMessage } from '../base/errors.ts';
import { RequestLost, type WorkerLoss } from '../dnn/schedule/request-lost.ts';
import type { AssetUrls } from './asset-urls.ts';
import type { InferenceApi, ModelToLoad } from './inference-api.ts';
import { onLifeEnded } from '../media/life-lock.ts';
import type { WorkerHost } from './worker-host.ts';
import type { RequestWatchdog } from './request-watchdog.ts';
import type { WorkerClient } from './worker-client.ts';

export interface LiveInferenceWorkerOptions {
  /** What the worker does, for messages. */
  readonly label: string;
  readonly model: ModelToLoad;
  readonly assets: AssetUrls;
  readonly watchdog: RequestWatchdog;
  readonly host: WorkerHost;
  /** The model has been loaded by another worker before: a failure to load it is the worker's then. */
  readonly isReplacement: boolean;
  /** Called once when the worker is lost. @returns whether another one takes its place. */
  readonly onLost: (loss: WorkerLoss, message: string) => boolean;
}

/**
 * A worker that has not loaded its model after this long hangs; a large model
 * over a slow network takes a while.
 */
const loadLimitMs = 120_000;

export class LiveInferenceWorker {
  /**
   * Resolves when the model is loaded. Rejects with a DnnError where it cannot be, with a RequestLost where
   * the worker was lost, and with the reason of `terminate`; the worker has ended then.
   */
  readonly ready: Promise<void>;
  readonly #options: LiveInferenceWorkerOptions;
  readonly #client: WorkerClient<InferenceApi>;
  readonly #life = new AbortController();
  /**
   * Settles with the request before the next one: the worker runs one at a time, and is watched for that one.
   */
  #lastRequest: Promise<unknown> = Promise.resolve();
  #device = '';

  /** Starts a worker and loads the model into it. */
  constructor(options: LiveInferenceWorkerOptions) {
    this.#options = options;
    const { assets, model, label, host } = options;
    this.#client = host.spawn(assets, model.backend, label, (what) => this.#lost('died', what));
    this.ready = this.#load();
    this.ready.catch(() => undefined); // whoever wants to use the worker has the failure
  }

  /** What runs the network, such as `wasm-simd`. */
  get device(): string {
    return this.#device;
  }

  /** As Runner.plannedBytes. @throws RequestLost where the worker is lost, or was before. */
  plannedBytes(geometry: FrameGeometry): Promise<PlannedBytes | undefined> {
    return this.#client.call((api) => api.plannedBytes(geometry));
  }

  /**
   * Runs one request, after those before it.
   *
   * @param travelling buffers of the request, which are transferred away.
   * @throws RequestLost where the worker is lost, or was before.
   */
  run(request: RunnerRequest, travelling: readonly ArrayBuffer[]): Promise<RunnerAnswer> {
    // Sent at once, so that the worker finds its next request when it has done with this one.
    const answer = this.#client.call((api) => api.run(transfer(request, [...travelling])));
    this.#watchInTurn(answer, request.items.length, true);
    return answer;
  }

  /**
   * What parts of the rows of a result cost, as Runner.rowShares, after the requests before it.
   *
   * @throws RequestLost where the worker is lost, or was before.
   */
  rowShares(
    frame: FrameShape,
    out: ResultSize,
    parts: readonly RowRange[],
  ): Promise<readonly number[] | undefined> {
    const answer = this.#client.call((api) => api.rowShares(frame, out, parts));
    this.#watchInTurn(answer, 1, false);
    return answer;
  }

  /** Ends the worker at once; its calls reject with `reason`. */
  terminate(reason?: unknown): void {
    this.#life.abort();
    this.#client.terminate(reason);
  }

  /** Ends the worker as a crash does: it has to be noticed. For tests. */
  crash(): void {
    this.#client.crash();
  }

  async #load(): Promise<void> {
    const { model, assets, isReplacement } = this.#options;
    const timer = setTimeout(() => {
      this.#client.terminate(this.#lost('hung', `did not load its model in ${loadLimitMs / 1000} s`));
    }, loadLimitMs);
    try {
      await this.#holdLifeLock();
      this.#device = await this.#client.call((api) => api.load(model, assets));
    } catch (error) {
      const isOver = error instanceof RequestLost || this.#life.signal.aborted || !isReplacement;
      const reason = isOver ? error : this.#lost('died', `could not start: ${errorMessage(error)}`);
      this.terminate(reason);
      throw reason;
    } finally {
      clearTimeout(timer);
    }
  }

  async #holdLifeLock(): Promise<void> {
    const { locks } = this.#options.host;
    const lockName = `ffmpeg-dnn ${crypto.randomUUID()}`;
    if (locks === undefined || !(await this.#client.call((api) => api.live(lockName)))) return;
    const ended = (): void => {
      this.#client.terminate(this.#lost('died', 'died'));
    };
    onLifeEnded(lockName, this.#life.signal, ended, locks);
  }

  #watchInTurn(answer: Promise<unknown>, items: number, isInference: boolean): void {
    const before = this.#lastRequest;
    this.#lastRequest = answer.catch(() => undefined); // its caller has the failure
    void before.then(() => {
      this.#watch(answer, items, isInference);
    });
  }

  /** @param isInference whether its time tells what a frame takes. */
  #watch(answer: Promise<unknown>, items: number, isInference: boolean): void {
    if (this.#life.signal.aborted) return;
    const end = this.#options.watchdog.watch(items, (limitMs) => {
      const seconds = Math.round(limitMs / 1000);
      const frames = items === 1 ? 'a frame' : `${items} frames`;
      this.#client.terminate(
        this.#lost('hung', `gave no answer for ${frames} in ${seconds} s and was ended`),
      );
    });
    answer.then(
      () => {
        end(isInference);
      },
      () => {
        end(false);
      },
    );
  }

  /** The reason with which everything that waits for the worker is rejected. */
  #lost(loss: WorkerLoss, what: string): RequestLost {
    const message = `${this.#options.label} ${what}`;
    // A worker that was ended, or lost before, is not lost a second time.
    if (this.#life.signal.aborted) return new RequestLost(loss, false, message);
    this.#life.abort();
    return new RequestLost(loss, this.#options.onLost(loss, message), message);
  }
}
