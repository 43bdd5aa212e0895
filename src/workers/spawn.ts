/** The only place of the library that starts workers. Every entry is one file, whose URL the page resolved: see resolve-assets.ts. */
import type { DnnError } from '../base/errors.ts';
import { backends, type DNNBackendType } from '../dnn/contract/backends.ts';
import type { AssetUrls } from './asset-urls.ts';
import type { InferenceApi } from './inference-api.ts';
import type { LiveApi } from './live-api.ts';
import type { PipelineApi } from './pipeline-api.ts';
import { WorkerClient } from './worker-client.ts';
import type { WriterApi } from './writer-api.ts';

export function spawnPipelineWorker({ pipelineWorkerURL }: AssetUrls): WorkerClient<PipelineApi> {
  return new WorkerClient(start(pipelineWorkerURL, 'pipeline'), 'pipeline worker');
}

export function spawnLiveWorker({ liveWorkerURL }: AssetUrls): WorkerClient<LiveApi> {
  return new WorkerClient(start(liveWorkerURL, 'live'), 'live worker');
}

/** @param failure as of {@link WorkerClient}. */
export function spawnInferenceWorker(
  assets: AssetUrls,
  backend: DNNBackendType,
  label: string,
  failure: (what: string) => DnnError,
): WorkerClient<InferenceApi> {
  return new WorkerClient(start(assets[backends[backend].worker], label), label, failure);
}

export function spawnWriterWorker({ writerWorkerURL }: AssetUrls): WorkerClient<WriterApi> {
  return new WorkerClient(start(writerWorkerURL, 'writer'), 'writer worker');
}

/** @param name as it is shown by the browser's tools. */
function start(url: string, name: string): Worker {
  return new Worker(url, { type: 'module', name });
}
