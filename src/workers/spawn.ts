/**
 * The only file of the library that starts workers. Every entry is one file, whose URL the page
 * resolved: see resolve-assets.ts.
 */
import { DnnError } from '../base/errors.ts';
import { backends, type DNNBackendType } from '../dnn/contract/backends.ts';
import type { AssetUrls } from './asset-urls.ts';
import type { ContainerApi } from '../containers/container-contract.ts';
import type { CodecApi } from './codec-api.ts';
import type { InferenceApi } from './inference-api.ts';
import type { LiveApi } from './live-api.ts';
import type { PipelineApi } from './pipeline-api.ts';
import { WorkerClient } from './worker-client.ts';
import type { WriterApi } from './writer-api.ts';

/** Has ffmpeg's file store, and runs commands. */
export function spawnPipelineWorker({ pipelineWorkerURL }: AssetUrls): WorkerClient<PipelineApi> {
  return client(
    pipelineWorkerURL,
    'pipeline',
    'load() starts a new one, with what its command wrote but without the files that were in its store',
  );
}

/** Runs filters on live video. */
export function spawnLiveWorker({ liveWorkerURL }: AssetUrls): WorkerClient<LiveApi> {
  return client(liveWorkerURL, 'live', 'start live video anew');
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

/** Brings outputs to where they belong while a command runs. */
export function spawnWriterWorker({ writerWorkerURL }: AssetUrls): WorkerClient<WriterApi> {
  return client(writerWorkerURL, 'writer', 'run the command again');
}

/**
 * Decodes or encodes with the browser's codecs.
 *
 * @param label what it does, for messages: `decoder worker`.
 * @param failure as of {@link WorkerClient}.
 */
export function spawnCodecWorker(
  { codecWorkerURL, simdKernelsURL }: AssetUrls,
  label: string,
  failure: (what: string) => DnnError,
): WorkerClient<CodecApi> {
  const worker = new WorkerClient<CodecApi>(start(codecWorkerURL, label), label, failure);
  // Where they cannot be fetched, the stream that needs them says so.
  worker.call((api) => api.fetchKernels(simdKernelsURL)).catch(() => undefined);
  return worker;
}

/** Reads and writes files without ffmpeg. */
export function spawnContainerWorker({ containerWorkerURL }: AssetUrls): WorkerClient<ContainerApi> {
  return client(containerWorkerURL, 'container', 'run the command again');
}

/** @param advice what to do where the worker is gone. */
function client<Api>(url: string, name: string, advice: string): WorkerClient<Api> {
  const label = `${name} worker`;
  const failure = (what: string): DnnError =>
    new DnnError('DNN_GENERIC_ERROR', `The ${label} ${what}; ${advice}.`, { worker: label });
  return new WorkerClient(start(url, name), label, failure);
}

/** @param name as it is shown by the browser's tools. */
function start(url: string, name: string): Worker {
  return new Worker(url, { type: 'module', name });
}
