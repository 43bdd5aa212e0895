/** The workers of a job without ffmpeg: one for the files, one that decodes, one that encodes. */
import { DnnError } from '../../base/errors.ts';
import type { CodecName } from '../../codecs/codec-contract.ts';
import type { ContainerApi } from '../../containers/container-contract.ts';
import type { AssetUrls } from '../../workers/asset-urls.ts';
import type { CodecApi } from '../../workers/codec-api.ts';
import { spawnContainerWorker } from '../../workers/spawn.ts';
import type { WorkerClient } from '../../workers/worker-client.ts';
import { CodecWorkers } from '../codecs/codec-workers.ts';
import { EncoderWorker } from '../codecs/encoder-worker.ts';
import { encoderName } from '../command/webcodecs/encoder-option.ts';

export class ContainerWorkers {
  readonly container: WorkerClient<ContainerApi>;
  readonly decoder: WorkerClient<CodecApi>;
  readonly encoder: EncoderWorker;

  /**
   * @param codec that is encoded.
   * @param watchdogSeconds of `-dnn_watchdog`; undefined where left out.
   */
  constructor(assets: AssetUrls, codec: CodecName, watchdogSeconds: number | undefined) {
    this.container = spawnContainerWorker(assets);
    const codecWorkers = new CodecWorkers(assets);
    this.decoder = decoderWorker(codecWorkers);
    this.encoder = new EncoderWorker(codecWorkers, { name: encoderName(codec), watchdogSeconds });
  }

  /** Ends all of them at once, where they have not ended by themselves. */
  terminate(reason?: unknown): void {
    for (const worker of [this.container, this.decoder, this.encoder]) worker.terminate(reason);
  }
}

function decoderWorker(workers: CodecWorkers): WorkerClient<CodecApi> {
  const label = 'decoder worker';
  const failure = (what: string): DnnError =>
    new DnnError('EIO', `The ${label} ${what}: run the command again.`, { worker: label });
  return workers.take(label, failure);
}
