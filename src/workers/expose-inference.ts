/** What an inference worker does with the backend of its entry: one model, one request at a time. */
import { transfer, type Endpoint } from 'comlink';
import { DnnError } from '../base/errors.ts';
import {
  isRequestOf,
  type RunnerAnswer,
  type RunnerKind,
  type RunnerRequest,
} from '../dnn/run/runner-kinds.ts';
import type { Runner } from '../dnn/run/runner.ts';
import type { DNNModule } from '../dnn/contract/interface.ts';
import type { AssetUrls } from './asset-urls.ts';
import { exposeWorker } from './expose-worker.ts';
import type { InferenceApi } from './inference-api.ts';
import { engineLocks, holdLifeLock, type LifeLocks } from '../media/life-lock.ts';
import { startRunner } from './start-runner.ts';

/** Makes the one backend of this worker's entry. */
export type StartBackend = (assets: AssetUrls) => DNNModule | Promise<DNNModule>;

/** A runner of whatever kind was asked for. */
interface LoadedRunner extends Required<Pick<Runner<RunnerKind>, 'plannedBytes' | 'rowShares' | 'close'>> {
  /** The answer's buffers are transferred. */
  run(request: RunnerRequest): Promise<RunnerAnswer>;
}

/** The thread that the worker is; tests have others. */
export interface InferenceThread {
  /** Where its calls come from; those of this thread where left out. */
  readonly endpoint?: Endpoint;
  readonly locks: LifeLocks | undefined;
}

/** Answers the thread that started this worker. */
export function exposeInference(
  startBackend: StartBackend,
  { endpoint, locks }: InferenceThread = { locks: engineLocks() },
): void {
  exposeWorker(inferenceApi(startBackend, locks), endpoint);
}

function inferenceApi(startBackend: StartBackend, locks: LifeLocks | undefined): InferenceApi {
  let runner: LoadedRunner | undefined;
  const loaded = (call: string): LoadedRunner => {
    if (runner === undefined) throw new DnnError('EINVAL', `${call} came before load().`);
    return runner;
  };
  return {
    live: (lockName) => holdLifeLock(lockName, locks),
    async load({ spec, task }, assets) {
      const module = await startBackend(assets);
      const model = await module.loadModel(spec);
      const batchFree = spec.batchFree && module.capabilities.batch;
      runner = ofOneKind(startRunner({ model, batchFree }, task));
      return module.device;
    },
    async plannedBytes(geometry) {
      return loaded('plannedBytes()').plannedBytes(geometry);
    },
    async run(request) {
      return loaded('run()').run(request);
    },
    async rowShares(frame, out, parts) {
      return loaded('rowShares()').rowShares(frame, out, parts);
    },
    async close() {
      await Promise.resolve(runner?.close());
      runner = undefined;
    },
  };
}

function ofOneKind<Kind extends RunnerKind>(runner: Runner<Kind>): LoadedRunner {
  return {
    async run(request) {
      if (!isRequestOf(runner.kind, request))
        throw new DnnError(
          'EINVAL',
          `A request to ${request.kind} came to a worker that is to ${runner.kind}.`,
        );
      const answer = await runner.run(request.items, request.outBuffers);
      const made = answer.outputs.flatMap((output) => runner.buffersOf(output));
      return transfer(answer, [...made, ...answer.spent]);
    },
    plannedBytes: (geometry) => runner.plannedBytes(geometry),
    rowShares: async (frame, out, parts) => runner.rowShares?.(frame, out, parts),
    close: () => {
      runner.close();
    },
  };
}
