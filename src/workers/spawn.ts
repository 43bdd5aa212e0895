/** The only place that starts workers, beside spawn-live.ts. The bundler finds each entry by the literal URL. */
import type { DnnError } from '../base/errors.ts';
import { WorkerClient } from './worker-client.ts';
import type { InferenceApi } from './inference-api.ts';
import type { PipelineApi } from './pipeline-api.ts';
import type { WriterApi } from './writer-api.ts';

export function spawnPipelineWorker(): WorkerClient<PipelineApi> {
  const worker = new Worker(new URL('./pipeline.worker.ts', import.meta.url), {
    type: 'module',
    name: 'pipeline',
  });
  return new WorkerClient<PipelineApi>(worker, 'pipeline worker');
}

/** @param failure as of {@link WorkerClient}. */
export function spawnInferenceWorker(
  label: string,
  failure: (what: string) => DnnError,
): WorkerClient<InferenceApi> {
  const worker = new Worker(new URL('./inference.worker.ts', import.meta.url), {
    type: 'module',
    name: label,
  });
  return new WorkerClient<InferenceApi>(worker, label, failure);
}

export function spawnWriterWorker(): WorkerClient<WriterApi> {
  const worker = new Worker(new URL('./writer.worker.ts', import.meta.url), {
    type: 'module',
    name: 'writer',
  });
  return new WorkerClient<WriterApi>(worker, 'writer worker');
}
