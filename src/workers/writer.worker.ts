/** Entry of the writer worker: brings ffmpeg's output files to where they belong. */
import { expose } from 'comlink';
import { OutputWriter } from '../media/output/output-writer.ts';
import { openSpool } from '../media/output/spool-folder.ts';
import { installErrorTransfer } from './error-transfer.ts';
import type { WriterApi } from './writer-api.ts';

installErrorTransfer();

const api: WriterApi = {
  async run(channel, { targets, fallback, spoolName }) {
    const spool = spoolName === undefined ? undefined : await openSpool(spoolName);
    return new OutputWriter(channel, { targets, fallback, spool }).run();
  },
};

expose(api);
