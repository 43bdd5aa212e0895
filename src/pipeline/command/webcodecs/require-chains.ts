/** Refuses outputs whose video an encoder of the browser cannot get at. Pure. */
import { DnnError } from '../../../base/errors.ts';
import type { Command } from '../command.ts';
import type { PlanResult } from '../plan.ts';
import { browserEncoder } from './browser-encoder.ts';

/**
 * @throws DnnError `ENOSYS` for an output with such an encoder whose video comes from a complex graph, or
 *   from a chain that does not end in one link.
 */
export function requireChains(planned: PlanResult, { outputs, printsOnly }: Command): void {
  if (printsOnly) return;
  const chains = planned.kind === 'dnn' ? planned.plan.chains : [];
  for (const [index, output] of outputs.entries()) {
    const encoder = browserEncoder(output);
    if (encoder === undefined || chains.some(({ outputIndex }) => outputIndex === index)) continue;
    const { words, position } = encoder.option;
    throw new DnnError(
      'ENOSYS',
      `${words.join(' ')} (word ${position + 1} of the command line): the browser encodes the video of a -vf, not ` +
        'that of a -filter_complex: write the filters into -vf, or -c:v libx264.',
      { option: encoder.option.name, position },
    );
  }
}
