/** The inference workers of one DNN filter: each with the whole model, each replaced when it is lost. */
import { onAbort } from '../base/abort.ts';
import type { Logger } from '../base/log.ts';
import type { FrameShape } from '../dnn/run/frame-strips.ts';
import type { RunnerAnswer, RunnerRequest } from '../dnn/run/runner-kinds.ts';
import type { FrameGeometry, ResultSize } from '../dnn/run/runner.ts';
import type { RowRange } from '../dnn/contract/interface.ts';
import type { PlannedBytes } from '../dnn/contract/planned-bytes.ts';
import { RequestLost } from '../dnn/schedule/request-lost.ts';
import type { AssetUrls } from './asset-urls.ts';
import type { ModelToLoad } from './inference-api.ts';
import { LiveInferenceWorker } from './live-inference-worker.ts';
import { RequestWatchdog } from './request-watchdog.ts';
import { browserHost, type WorkerHost } from './worker-host.ts';

export interface InferencePoolOptions {
  /** Number of workers, at least 1. */
  readonly size: number;
  readonly model: ModelToLoad;
  readonly assets: AssetUrls;
  /** Names the workers, for messages. */
  readonly label: string;
  readonly log: Logger;
  /** Ends requests that hang; a new one with default limits where left out. */
  readonly watchdog?: RequestWatchdog;
  /** How many lost workers are replaced; 3 for each worker where left out. */
  readonly mostRespawns?: number;
  /** Starts the workers; the browser where left out. */
  readonly host?: WorkerHost;
  /** Ends the workers at once, also while they start. */
  readonly signal?: AbortSignal;
}

/**
 * Workers that a job may lose, for each that it has. A model that kills its
 * workers must not start them for ever.
 */
const respawnsPerWorker = 3;

/** Milliseconds that one frame is expected to take at most, where nothing is known of the network. */
const unknownMsPerItem = 5000;

export class InferencePool {
  readonly #options: InferencePoolOptions;
  readonly #watchdog: RequestWatchdog;
  readonly #host: WorkerHost;
  /** By slot; a lost one stays where no other takes its place. */
  #workers: LiveInferenceWorker[] = [];
  #device = '';
  #respawns = 0;
  #end: { readonly reason: unknown } | undefined;
  #stopListening: (() => void) | undefined;

  private constructor(options: InferencePoolOptions) {
    this.#options = options;
    this.#watchdog = options.watchdog ?? new RequestWatchdog({ expectedMsPerItem: unknownMsPerItem });
    this.#host = options.host ?? browserHost();
  }

  /**
   * Starts the workers and loads the model into each of them, side by side.
   *
   * @throws DnnError of the first worker that cannot load the model; no worker is left behind.
   * @throws the signal's reason; likewise.
   */
  static async start(options: InferencePoolOptions): Promise<InferencePool> {
    const { signal } = options;
    signal?.throwIfAborted();
    const pool = new InferencePool(options);
    const terminate = pool.terminate.bind(pool);
    pool.#stopListening = signal && onAbort(signal, terminate);
    pool.#workers = Array.from({ length: options.size }, (_, slot) => pool.#start(slot, false));
    try {
      const workers = await Promise.all(pool.#workers.map((_, slot) => pool.#ready(slot)));
      pool.#device = workers[0]?.device ?? '';
      return pool;
    } catch (error) {
      pool.terminate(error);
      throw error;
    }
  }

  get size(): number {
    return this.#workers.length;
  }

  /** What runs the network, such as `wasm-simd`. */
  get device(): string {
    return this.#device;
  }

  /** Workers that were started in place of lost ones. */
  get respawns(): number {
    return this.#respawns;
  }

  /**
   * Runs one request in worker 0 … size − 1; requests of one worker run one after another.
   *
   * @param request of the kind of the pool's task.
   * @param travelling buffers of the request, which are transferred away; where the worker
   *   is lost, they are lost with it.
   * @throws RequestLost where the worker died or hung; another one takes its place unless the error
   *   says that it cannot be retried.
   */
  async run(
    worker: number,
    request: RunnerRequest,
    travelling: readonly ArrayBuffer[],
  ): Promise<RunnerAnswer> {
    const live = await this.#ready(worker);
    return live.run(request, travelling);
  }

  /**
   * What parts of the rows of a result cost, as Runner.rowShares: asked of worker 0, since all are alike.
   *
   * @throws RequestLost where the worker is lost, and another one was just before; DnnError where the
   *   network cannot take such frames.
   */
  async rowShares(
    frame: FrameShape,
    out: ResultSize,
    parts: readonly RowRange[],
  ): Promise<readonly number[] | undefined> {
    try {
      return await (await this.#ready(0)).rowShares(frame, out, parts);
    } catch (error) {
      if (!(error instanceof RequestLost) || !error.canRetry) throw error;
    }
    return (await this.#ready(0)).rowShares(frame, out, parts);
  }

  /** What one worker plans to hold for frames of this size: as Runner.plannedBytes. */
  async plannedBytes(geometry: FrameGeometry): Promise<PlannedBytes | undefined> {
    for (;;) {
      const live = await this.#ready(0);
      try {
        return await live.plannedBytes(geometry);
      } catch (error) {
        // Another worker can say the same.
        if (!(error instanceof RequestLost) || !error.canRetry) throw error;
      }
    }
  }

  /** Ends the workers beyond the first `size`: before the first request only. */
  shrink(size: number): void {
    for (const worker of this.#workers.splice(size)) worker.terminate();
  }

  /** Ends a worker as a crash does, so that its loss has to be noticed and made good: for tests. */
  async crash(worker: number): Promise<void> {
    (await this.#ready(worker)).crash();
  }

  /** Ends all workers at once; calls that are still running reject with `reason`. */
  terminate(reason: unknown = new DOMException('The workers were ended.', 'AbortError')): void {
    this.#end ??= { reason };
    this.#stopListening?.();
    for (const worker of this.#workers.splice(0)) worker.terminate(reason);
  }

  /** The worker of a slot once it can be used; one that is lost while it starts gives way to the next. */
  async #ready(slot: number): Promise<LiveInferenceWorker> {
    for (;;) {
      if (this.#end !== undefined) throw this.#end.reason;
      const worker = this.#workers[slot];
      if (worker === undefined)
        throw new RangeError(`worker ${slot} of a pool of ${this.#workers.length} workers`);
      try {
        await worker.ready;
        return worker;
      } catch (error) {
        if (!(error instanceof RequestLost) || !error.canRetry) throw error;
      }
    }
  }

  #start(slot: number, isReplacement: boolean): LiveInferenceWorker {
    const { model, assets, label } = this.#options;
    return new LiveInferenceWorker({
      label: `${label} inference ${slot}`,
      model,
      assets,
      watchdog: this.#watchdog,
      host: this.#host,
      isReplacement,
      onLost: (_loss, message) => this.#replace(slot, message),
    });
  }

  /** @returns whether a new worker was started. */
  #replace(slot: number, message: string): boolean {
    if (this.#end !== undefined || this.#workers[slot] === undefined) return false;
    const { log, size } = this.#options;
    const limit = this.#options.mostRespawns ?? respawnsPerWorker * size;
    if (this.#respawns >= limit) {
      log('error', `${message}; ${limit} workers were started in place of lost ones, no more are`);
      return false;
    }
    this.#respawns += 1;
    log('warning', `${message}; a new worker takes its place (${this.#respawns} of at most ${limit})`);
    this.#workers[slot] = this.#start(slot, true);
    return true;
  }
}
