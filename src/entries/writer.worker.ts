/** Entry of the writer worker: brings ffmpeg's output files to where they belong. */
import { OutputWriter } from '../media/output/output-writer.ts';
import { openSpool } from '../media/output/spool-folder.ts';
import { exposeForLife } from '../workers/expose-worker.ts';
import { packError } from '../workers/packed-error.ts';
import type { WriterApi } from '../workers/writer-api.ts';

const api: WriterApi = {
  async run(channel, { targets, fallback, spoolName }, templateOf) {
    const spool = spoolName === undefined ? undefined : await openSpool(spoolName);
    const outputs = { targets, fallback, spool };
    const { error, ...result } = await new OutputWriter(channel, outputs, templateOf).run();
    return error === undefined ? result : { ...result, failure: packError(error) };
  },
};

exposeForLife(api);
