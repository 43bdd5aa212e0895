/** Tells who asks for a network that it would never run. Pure. */
import { DnnError } from '../../base/errors.ts';
import type { Plan } from '../command/plan.ts';
import type { Planning } from './planning-log.ts';
import { mappedVideos } from './video-mapping.ts';

/**
 * ffmpeg would ignore the filter and exit with 0; who asks for a network wants to know that it never ran.
 *
 * @throws DnnError `EINVAL` where an output with a chain of DNN filters gets no video stream.
 */
export function requireVideo({ chains }: Plan, planning: Planning): void {
  for (const { chain, outputIndex } of chains) {
    if (mappedVideos(planning, outputIndex).length > 0) continue;
    const { name } = chain.dnnFilters[0]!;
    throw new DnnError(
      'EINVAL',
      `No video stream is mapped to the output, so ${name} has nothing to work on; leave -vf out to keep the sound alone.`,
      {
        filter: name,
      },
    );
  }
}
