/** Decodes the first frame of a container's video, to learn what frames come. */
import { DnnError } from '../../base/errors.ts';
import { readStreamFacts } from '../../codecs/bitstream/stream-facts.ts';
import type { DecodedFrame, DecodeResult, DecodeSetup } from '../../codecs/codec-contract.ts';
import type { VideoFacts } from '../../containers/container-contract.ts';
import type { EncodedPacket } from '../../media/nut/encoded-packet.ts';
import { transferred } from '../../workers/proxied.ts';
import { checkStart } from '../codecs/decoder-gate.ts';
import { DecoderFailure } from '../codecs/decoder-failure.ts';
import type { ContainerWorkers } from './container-workers.ts';

/** Packets of one call. */
const batchSize = 4;

/**
 * The first frame of the range, as decoded. The container is at its start afterwards, and the decoder closed.
 *
 * @param video what the container says of it.
 * @param setup without a conversion.
 * @param endPts the pts from which on no frame is wanted.
 * @returns undefined where the range has none.
 * @throws DnnError `ENOSYS` where browsers do not decode the stream, or not as ffmpeg does; `EINVAL` for a
 *   damaged file.
 */
export async function firstFrame(
  { container, decoder }: Pick<ContainerWorkers, 'container' | 'decoder'>,
  video: VideoFacts,
  setup: DecodeSetup,
  endPts: number,
): Promise<DecodedFrame | undefined> {
  await decoder.call((api) => api.beginDecoding(setup));
  try {
    for (let isEnd = false, isStart = true; !isEnd; isStart = false) {
      const packets = await container.call((api) => api.readVideo(batchSize));
      if (isStart) checkPackets(video, packets);
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

/** Tags as files have them. */
const tags: Readonly<Record<VideoFacts['codec'], string>> = {
  h264: 'avc1',
  hevc: 'hvc1',
  vp8: 'vp80',
  vp9: 'vp09',
  av1: 'av01',
};

/** @throws DnnError `ENOSYS` where no decoder of a browser does as ffmpeg's from the first packet on. */
function checkPackets(
  { codec, description, width, height, sampleAspectRatio, timeBase }: VideoFacts,
  [first]: readonly EncodedPacket[],
): void {
  if (first === undefined) return;
  const stream = {
    ...{ tag: tags[codec], width, height, sampleAspectRatio, timeBase, decodeDelay: 0 },
    ...(description === undefined ? {} : { extradata: description }),
  };
  try {
    checkStart(readStreamFacts(stream, first));
  } catch (error) {
    if (!(error instanceof DecoderFailure)) throw error;
    throw new DnnError('ENOSYS', `${error.message}, which ffmpeg decodes`, { codec }, { cause: error });
  }
}

/** @throws DnnError `ENOSYS` where the decoder gave up. */
function wanted({ frames, failure }: DecodeResult, endPts: number): DecodedFrame | undefined {
  const frame = frames.find(({ pts }) => pts >= 0 && pts < endPts);
  if (frame === undefined && failure !== undefined)
    throw new DnnError('ENOSYS', `the browser's decoder gives no frame of it: ${failure}`);
  return frame;
}
