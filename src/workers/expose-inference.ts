/** What an inference worker does with the backend of its entry: one model, one request at a time. */
import { transfer } from 'comlink';
import { DnnError } from '../base/errors.ts';
import { AnalyticsRunner } from '../dnn/run/analytics-runner.ts';
import { InferenceRunner } from '../dnn/run/inference-runner.ts';
import type { DNNModule } from '../dnn/contract/interface.ts';
import { analyticsPostProc } from '../filters/analytics-post-proc.ts';
import type { AssetUrls } from './asset-urls.ts';
import type { InferenceApi } from './inference-api.ts';
import { holdLifeLock } from './life-lock.ts';
import { exposeWorker } from './expose-worker.ts';

/** Makes the one backend of this worker's entry. */
export type StartBackend = (assets: AssetUrls) => DNNModule | Promise<DNNModule>;

/** Answers the thread that started this worker. */
export function exposeInference(startBackend: StartBackend): void {
  exposeWorker(inferenceApi(startBackend));
}

function loaded<Runner>(runner: Runner | undefined, call: string): Runner {
  if (runner === undefined) throw new DnnError('EINVAL', `${call} came before load().`);
  return runner;
}

function inferenceApi(startBackend: StartBackend): InferenceApi {
  // One of them, by what the filter does.
  let pictures: InferenceRunner | undefined;
  let analytics: AnalyticsRunner | undefined;
  return {
    live: holdLifeLock,
    async load({ spec, analytics: asked }, assets) {
      const module = await startBackend(assets);
      const model = await module.loadModel(spec);
      const batchFree = spec.batchFree && module.capabilities.batch;
      if (asked === undefined) pictures = new InferenceRunner(model, batchFree);
      else analytics = new AnalyticsRunner(model, asked.input, batchFree, analyticsPostProc(asked.options));
      return module.device;
    },
    async plannedBytes(geometry) {
      return loaded(pictures ?? analytics, 'plannedBytes()').plannedBytes(geometry);
    },
    async execute(items, outBuffers) {
      const result = await loaded(pictures, 'execute()').run(items, outBuffers);
      return transfer(result, [...result.frames.map((frame) => frame.buffer), ...result.spent]);
    },
    async analyse(frames) {
      const result = await loaded(analytics, 'analyse()').run(frames);
      return transfer(result, [...result.spent]);
    },
    async rowShares(frame, out, parts) {
      loaded(pictures ?? analytics, 'rowShares()');
      return pictures?.rowShares(frame, out, parts);
    },
    async close() {
      await Promise.resolve((pictures ?? analytics)?.close());
      pictures = undefined;
      analytics = undefined;
    },
  };
}
