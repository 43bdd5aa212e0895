/** The workers of a job without ffmpeg: one for the files, one that decodes, one that encodes. */
import { DnnError } from '../../base/errors.ts';
import type { ContainerApi } from '../../containers/container-contract.ts';
import type { AssetUrls } from '../../workers/asset-urls.ts';
import type { CodecApi } from '../../workers/codec-api.ts';
import { spawnCodecWorker, spawnContainerWorker } from '../../workers/spawn.ts';
import type { WorkerClient } from '../../workers/worker-client.ts';

export class ContainerWorkers {
  readonly container: WorkerClient<ContainerApi>;
  readonly decoder: WorkerClient<CodecApi>;
  readonly encoder: WorkerClient<CodecApi>;

  constructor(assets: AssetUrls) {
    this.container = spawnContainerWorker(assets);
    this.decoder = codecWorker(assets, 'decoder worker');
    this.encoder = codecWorker(assets, 'encoder worker');
  }

  /** Ends all of them at once, where they have not ended by themselves. */
  terminate(reason?: unknown): void {
    for (const worker of [this.container, this.decoder, this.encoder]) worker.terminate(reason);
  }
}

function codecWorker(assets: AssetUrls, label: string): WorkerClient<CodecApi> {
  const failure = (what: string): DnnError =>
    new DnnError('EIO', `The ${label} ${what}: run the command again.`, { worker: label });
  return spawnCodecWorker(assets, label, failure);
}
