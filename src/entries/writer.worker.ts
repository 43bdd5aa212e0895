/** Entry of the writer worker: brings ffmpeg's output files to where they belong. */
import { journalBytes, OutputJournal, removeJournal, type SpoolRun } from '../media/output/output-journal.ts';
import type { OutputResult } from '../media/output/output-result.ts';
import { OutputWriter } from '../media/output/output-writer.ts';
import { recoverOutputs } from '../media/output/recover-outputs.ts';
import { openSpool } from '../media/output/spool-folder.ts';
import { exposeForLife } from '../workers/expose-worker.ts';
import { packError } from '../workers/packed-error.ts';
import type { WriterApi, WriterResult, WriterSpool } from '../workers/writer-api.ts';

const api: WriterApi = {
  async run(channel, { targets, fallback, spool: names }, templateOf) {
    const spool = names && (await spoolRun(names));
    const journal = spool && (await OutputJournal.create(spool));
    const result = await new OutputWriter(channel, { targets, fallback, spool }, templateOf, journal).run();
    await journal?.remove();
    return packed(result);
  },

  answer: () => Promise.resolve(),

  async recover({ targets, fallback, spool: names }, templateOf) {
    const spool = await spoolRun(names);
    const result = await recoverOutputs(await journalBytes(spool), { targets, fallback, spool }, templateOf);
    await removeJournal(spool);
    return packed(result);
  },
};

async function spoolRun({ folder, run }: WriterSpool): Promise<SpoolRun> {
  return { folder: await openSpool(folder), run };
}

function packed({ error, ...result }: OutputResult): WriterResult {
  return error === undefined ? result : { ...result, failure: packError(error) };
}

exposeForLife(api);
