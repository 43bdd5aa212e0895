/** Takes over the outputs of a pipeline worker that died: its writer died with it, its folder did not. */
import { DnnError, errorMessage } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import type { FileStore } from '../../media/file-store.ts';
import { SpoolFolder } from '../../media/output/spool-folder.ts';
import { unpackError } from '../../workers/packed-error.ts';
import { proxied } from '../../workers/proxied.ts';
import type { WorkerClient } from '../../workers/worker-client.ts';
import type { WriterApi, WriterResult } from '../../workers/writer-api.ts';
import { logMended, putAll } from './output-collector.ts';

/**
 * Puts the outputs that were not finished into the store. Never rejects: what cannot be taken over is said.
 *
 * @param name of the folder; the page holds its lock.
 * @param startWriter gives a writer that is ended here.
 */
export async function adoptOutputs(
  name: string,
  store: FileStore,
  startWriter: () => WorkerClient<WriterApi>,
  log: Logger,
): Promise<void> {
  const spool = SpoolFolder.left(name);
  const writer = startWriter();
  try {
    for (const run of await spool.unfinishedRuns()) {
      const outputs = { targets: new Map(), spool: { folder: name, run } };
      const result = await writer.call((api): Promise<WriterResult> =>
        api.recover(outputs, proxied(noTemplate)),
      );
      const { files, mended = [], failure } = result;
      for (const file of mended) logMended(file, { templateOf: noTemplate, log });
      putAll(files, store, spool);
      for (const { path, size } of files)
        log('warning', `${path} is what a command had written whose worker died: ${size} bytes.`);
      if (failure !== undefined) throw unpackError(failure);
    }
  } catch (thrown) {
    log('error', `Not everything could be kept of a command whose worker died: ${errorMessage(thrown)}`);
  } finally {
    writer.terminate();
  }
}

function noTemplate(): Promise<never> {
  return Promise.reject(new DnnError('EIO', 'What its encoder was told is lost with the worker.'));
}
