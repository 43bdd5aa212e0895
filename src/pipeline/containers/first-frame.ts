/** Decodes the first frame of a container's video, to learn what frames come. */
import { DnnError } from '../../base/errors.ts';
import type { DecodedFrame, DecodeResult, DecodeSetup } from '../../codecs/codec-contract.ts';
import { transferred } from '../../workers/proxied.ts';
import type { ContainerWorkers } from './container-workers.ts';

/** Packets of one call. */
const batchSize = 4;

/**
 * The first frame of the range, as decoded. The container is at its start afterwards, and the decoder closed.
 *
 * @param setup without a conversion.
 * @param endPts the pts from which on no frame is wanted.
 * @returns undefined where the range has none.
 * @throws DnnError `ENOSYS` where the browser does not decode the stream; `EINVAL` for a damaged file.
 */
export async function firstFrame(
  { container, decoder }: Pick<ContainerWorkers, 'container' | 'decoder'>,
  setup: DecodeSetup,
  endPts: number,
): Promise<DecodedFrame | undefined> {
  await decoder.call((api) => api.beginDecoding(setup));
  try {
    for (let isEnd = false; !isEnd;) {
      const packets = await container.call((api) => api.readVideo(batchSize));
      isEnd = packets.length === 0;
      const data = packets.map((packet) => packet.data);
      const result = await (isEnd
        ? decoder.call((api) => api.finishDecoding([]))
        : decoder.call((api) => api.decode(transferred(packets, data), [])));
      const found = wanted(result, endPts);
      if (found !== undefined) return found;
    }
    return undefined;
  } finally {
    await decoder.call((api) => api.closeDecoder());
    await container.call((api) => api.rewind());
  }
}

/** @throws DnnError `ENOSYS` where the decoder gave up. */
function wanted({ frames, failure }: DecodeResult, endPts: number): DecodedFrame | undefined {
  const frame = frames.find(({ pts }) => pts >= 0 && pts < endPts);
  if (frame === undefined && failure !== undefined)
    throw new DnnError('ENOSYS', `the browser's decoder gives no frame of it: ${failure}`);
  return frame;
}
