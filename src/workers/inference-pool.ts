/** The inference workers of one DNN filter: `size` slots, each with the whole model. */
import { transfer } from 'comlink';
import type { DNNBackendType, DNNModelSpec } from '../dnn/interface.ts';
import type { AssetUrls } from './asset-urls.ts';
import type { FrameToInfer, InferredFrames } from '../dnn/inference-runner.ts';
import type { InferenceApi } from './inference-api.ts';
import { spawnInferenceWorker } from './spawn.ts';
import type { WorkerClient } from './worker-client.ts';

export class InferencePool {
  readonly #clients: readonly WorkerClient<InferenceApi>[];
  /** What runs the network, such as `wasm-simd`. */
  readonly device: string;

  private constructor(clients: readonly WorkerClient<InferenceApi>[], device: string) {
    this.#clients = clients;
    this.device = device;
  }

  /**
   * Starts `size` workers and loads the model into each of them, side by side.
   *
   * @throws DnnError of the first worker that cannot load the model; no worker is left behind.
   */
  static async start(
    size: number,
    backend: DNNBackendType,
    spec: DNNModelSpec,
    assets: AssetUrls,
    label: string,
  ): Promise<InferencePool> {
    const clients = Array.from({ length: size }, (_, index) =>
      spawnInferenceWorker(`${label} inference ${index}`),
    );
    try {
      const devices = await Promise.all(
        clients.map((client) => client.call((api) => api.load(backend, spec, assets))),
      );
      return new InferencePool(clients, devices[0] ?? '');
    } catch (error) {
      for (const client of clients) client.terminate(error);
      throw error;
    }
  }

  get size(): number {
    return this.#clients.length;
  }

  /**
   * Runs one request in worker 0 … size − 1; requests of one worker run one after another.
   *
   * @param items their frames' buffers are transferred away.
   * @param outBuffers buffers that may be used for the results; transferred away.
   */
  execute(
    worker: number,
    items: readonly FrameToInfer[],
    outBuffers: readonly ArrayBuffer[],
  ): Promise<InferredFrames> {
    const client = this.#clients[worker];
    if (client === undefined)
      throw new RangeError(`worker ${worker} of a pool of ${this.#clients.length} workers`);
    const buffers = [...items.map((item) => item.frame.buffer), ...outBuffers];
    return client.call((api) => api.execute(transfer([...items], buffers), [...outBuffers]));
  }

  /** Ends all workers at once; calls that are still running reject with `reason`. */
  terminate(reason?: unknown): void {
    for (const client of this.#clients) client.terminate(reason);
  }
}
