/** Finishes the output files of a writer that is gone, by its journal. */
import { MovieMender } from './movie-mender.ts';
import type { OutputTargets } from './open-output.ts';
import { OutputFiles } from './output-files.ts';
import { journalEntries } from './output-journal.ts';
import type { OutputResult } from './output-result.ts';
import type { TemplateSource } from './output-target.ts';

/**
 * Never rejects; one that fails takes no other with it. A file of which nothing was written is left out.
 *
 * @param journal its bytes.
 * @param outputs those of the run, without the streams that went with the writer.
 * @param templateOf for files that ffmpeg did not finish; without it they stay as they are.
 */
export async function recoverOutputs(
  journal: Uint8Array,
  outputs: OutputTargets,
  templateOf?: TemplateSource,
): Promise<OutputResult> {
  const files = new OutputFiles(outputs, templateOf && new MovieMender(templateOf));
  for (const { record, payload } of journalEntries(journal)) files.restore(record, payload);
  return files.finishRestored();
}
