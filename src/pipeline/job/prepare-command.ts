/** Gets ready in advance what a command with stages would wait for. */
import { probeEncoders } from '../codecs/start-codecs.ts';
import { splitCommand } from '../command/command.ts';
import { isIsolated } from '../command/isolation.ts';
import type { JobContext } from './job-context.ts';

/**
 * Resolves once the browser's encoders that the command names have been tried; a core that does not load
 * shows in the command itself.
 *
 * @throws DnnError `EINVAL` for words that are no command.
 */
export async function prepareCommand(
  args: readonly string[],
  { cores, assets }: Pick<JobContext, 'cores' | 'assets'>,
): Promise<void> {
  const command = splitCommand(args);
  // One that decodes and one that encodes; without isolation no stages of ffmpeg run side by side.
  if (isIsolated()) cores.prepareBeside(2);
  await probeEncoders(command, assets);
}
