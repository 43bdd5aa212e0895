/** Inference workers without threads, whose model answers when the test says so, and requests to them. */
import { createDeferred, type Deferred } from '../base/deferred.ts';
import { backends } from '../dnn/contract/backends.ts';
import type { DNNData, DNNModel, RowRange } from '../dnn/contract/interface.ts';
import type { FrameToInfer } from '../dnn/run/frame-to-infer.ts';
import { isAnswerOf, type RunnerAnswer } from '../dnn/run/runner-kinds.ts';
import { frameFromBuffer } from '../frame/plane-layout.ts';
import { exposeInference } from './expose-inference.ts';
import type { InferenceApi } from './inference-api.ts';
import type { InferencePool } from './inference-pool.ts';
import { PortWorker } from './port-worker.test-support.ts';
import { WebLocks } from '../media/web-locks.test-support.ts';
import { WorkerClient } from './worker-client.ts';
import type { WorkerHost } from './worker-host.ts';

/** Inverts what it is given, once the test lets it. */
export class HandModel implements DNNModel {
  /** Executions that wait for `answer`; never more than one, since the runner waits for each. */
  readonly running: { readonly input: DNNData; readonly outcome: Deferred<readonly DNNData[]> }[] = [];
  closes = 0;

  execute(input: DNNData): Promise<readonly DNNData[]> {
    const outcome = createDeferred<readonly DNNData[]>();
    this.running.push({ input, outcome });
    return outcome.promise;
  }
  /** Lets the execution that runs end. */
  answer(): void {
    const { input, outcome } = this.running.shift()!;
    outcome.resolve([{ ...input, data: input.data.map((value) => 1 - value) }]);
  }
  /** Lets it fail. */
  fail(error: Error): void {
    this.running.shift()!.outcome.reject(error);
  }
  arenaBytes(): Promise<number> {
    return Promise.resolve(1234);
  }
  rowShares(_size: unknown, _out: unknown, parts: readonly RowRange[]): Promise<readonly number[]> {
    return Promise.resolve(parts.map(({ from, to }) => (to - from) / 10));
  }
  memoryBytes(): number {
    return 100;
  }
  strayTensors(): number {
    return 0;
  }
  close(): void {
    this.closes += 1;
  }
}

/** A worker that was started. */
export interface StartedWorker {
  readonly label: string;
  readonly thread: PortWorker;
  readonly model: HandModel;
}

/** Starts workers and keeps them for the test. */
export class TestHost implements WorkerHost {
  readonly #web = new WebLocks();
  readonly #load: (serial: number) => unknown;
  readonly locks = this.#web.realm();
  /** In the order in which they were started. */
  readonly started: StartedWorker[] = [];
  /** Numbers of those that have begun to load their model. */
  readonly loading: number[] = [];

  /** @param load called when a worker loads its model: what it throws, or waits for, the worker does. */
  constructor(load: (serial: number) => unknown = () => undefined) {
    this.#load = load;
  }

  readonly spawn: WorkerHost['spawn'] = (_assets, _backend, label, failure) => {
    const realm = this.#web.realm();
    const thread = new PortWorker(realm);
    const model = new HandModel();
    const serial = this.started.length;
    const loadModel = async (): Promise<DNNModel> => {
      this.loading.push(serial);
      await this.#load(serial);
      return model;
    };
    const { capabilities } = backends.native;
    exposeInference(() => ({ type: 'native', capabilities, device: `thread ${serial}`, loadModel }), {
      endpoint: thread.inside,
      locks: realm,
    });
    this.started.push({ label, thread, model });
    return new WorkerClient<InferenceApi>(thread, label, failure);
  };

  /** The workers that were not ended. */
  get alive(): number {
    return this.started.filter(({ thread }) => !thread.isTerminated).length;
  }
}

const [width, height] = [4, 2];

/** A request of gray frames of 4x2 of these values. */
export function picturesOf(...values: readonly number[]) {
  const items = values.map((value): FrameToInfer => {
    const frame = frameFromBuffer('gray', width, height, value, new ArrayBuffer(width * height));
    frame.data[0]!.fill(value);
    return { frame, outWidth: width, outHeight: height };
  });
  const outBuffers = values.map(() => new ArrayBuffer(width * height));
  const travelling = [...items.map(({ frame }) => frame.buffer), ...outBuffers];
  return { request: { kind: 'process', items, outBuffers } as const, travelling };
}

/** Sends a request of gray frames. @returns the first byte of each result. */
export async function infer(
  pool: InferencePool,
  worker: number,
  ...values: readonly number[]
): Promise<readonly number[]> {
  const { request, travelling } = picturesOf(...values);
  return firstBytes(await pool.run(worker, request, travelling));
}

/** Of each picture. */
export function firstBytes(answer: RunnerAnswer): readonly number[] {
  if (!isAnswerOf('process', answer)) throw new Error(`an answer to ${answer.kind}`);
  return answer.outputs.map(({ data }) => data[0]![0]!);
}
