/** Opens the input of a job without ffmpeg, and settles what becomes of its frames. */
import { DnnError, errorMessage } from '../../base/errors.ts';
import type { DecodeSetup } from '../../codecs/codec-contract.ts';
import type { InputFacts, VideoFacts } from '../../containers/container-contract.ts';
import type { ContainerCommand } from '../command/container-command.ts';
import { conversionSteps } from '../command/conversion-steps.ts';
import { headersMissing } from '../command/without-headers.ts';
import type { StreamPictures } from '../planning/color/stream-pictures.ts';
import { containerPlanning } from '../planning/containers/container-planning.ts';
import type { InputListing } from '../planning/containers/input-listing.ts';
import { settleLinks, type SettledLinks } from '../planning/containers/settle-links.ts';
import type { LocalFilter } from '../planning/local-filter.ts';
import type { Planning } from '../planning/planning-log.ts';
import type { ContainerWorkers } from './container-workers.ts';
import { firstFrame } from './first-frame.ts';

/** An input at its start. */
export interface OpenVideo {
  readonly video: VideoFacts;
  /** Audio streams that are copied, by their number among audio streams. */
  readonly audio: readonly number[];
  readonly listing: InputListing;
  /** The pts from which on no frame is wanted. */
  readonly endPts: number;
  readonly decode: DecodeSetup;
  readonly links: SettledLinks;
  /** What a planning run would tell. */
  readonly planning: Planning;
  readonly pictures: StreamPictures;
  /** Frames that are expected; undefined where that is not known. */
  readonly expected: number | undefined;
}

/**
 * @param file of the input.
 * @param listing what ffmpeg says of it.
 * @throws DnnError `ENOSYS` with the headers for what is not done here; `EINVAL` for a damaged file, or a
 *   range without a frame; `EIO` where a model cannot take the frames.
 */
export async function openVideo(
  workers: ContainerWorkers,
  words: ContainerCommand,
  file: Blob,
  filters: readonly LocalFilter[],
  listing: InputListing,
): Promise<OpenVideo> {
  const { range, encoder, chain } = words;
  try {
    const facts = await workers.container.call((api) => api.openInput(file, range));
    const { video } = facts;
    if (video === undefined) throw new DnnError('EINVAL', 'it has no video stream');
    const { codecString, description, timeBase, sampleAspectRatio, frameRate, seconds } = video;
    const endPts = Math.round(((range.end - range.start) * timeBase.den) / timeBase.num);
    const stream = { codec: codecString, timeBase, ...(description === undefined ? {} : { description }) };
    const decoded = await firstFrame(workers, video, stream, endPts);
    if (decoded === undefined)
      throw new DnnError('EINVAL', 'no frame of it lies in the part that is asked for');
    const steps = [...filters, undefined].map((_, index) => conversionSteps(chain.chain, index));
    const encoded = encoder.pixelFormat;
    const links = settleLinks({ decoded, sampleAspectRatio, filters, steps, encoded });
    const { convertTo } = links;
    const { colorSpace, colorRange } = listing.picture ?? {};
    const colors = { colorSpace, colorRange };
    return {
      ...{ video, endPts, links, listing },
      audio: audioOf(facts, words),
      decode: convertTo === undefined ? stream : { ...stream, convertTo, colors },
      ...containerPlanning({
        ...{ listing, links, encoded, timeBase },
        codec: encoder.codec,
        frameRate: rationalRate(frameRate),
        firstPts: decoded.pts,
      }),
      expected: seconds === undefined ? undefined : Math.max(1, Math.round(seconds * frameRate)),
    };
  } catch (error) {
    throw named(words.input, error);
  }
}

/** Audio as ffmpeg chooses it: the stream with most channels, the first of several. */
function audioOf({ audio }: InputFacts, { keepsAudio, container }: ContainerCommand): readonly number[] {
  if (!keepsAudio || audio.length === 0) return [];
  const most = Math.max(...audio.map(({ channels }) => channels));
  const index = audio.findIndex(({ channels }) => channels === most);
  const { codec, containers } = audio[index]!;
  if (containers.includes(container)) return [index];
  const others =
    containers.length === 0 ? '' : `write ${containers.map((name) => `.${name}`).join(', ')}, or `;
  throw headersMissing(
    `audio in ${codec} can only be copied, and .${container} does not take it: ${others}-an for no audio`,
  );
}

/** A mean rate as a fraction: whole, NTSC's, or in thousandths. */
function rationalRate(rate: number): { num: number; den: number } {
  const whole = Math.round(rate);
  if (Math.abs(rate - whole) < 0.005) return { num: Math.max(1, whole), den: 1 };
  const ntsc = Math.round(rate * 1.001);
  if (Math.abs(rate * 1.001 - ntsc) < 0.005) return { num: 1000 * ntsc, den: 1001 };
  return { num: Math.max(1, Math.round(rate * 1000)), den: 1000 };
}

function named(input: string, error: unknown): unknown {
  if (!(error instanceof DnnError) || error.message.startsWith('DNN filters on whole files')) return error;
  if (error.code === 'ENOSYS') return headersMissing(`${input}: ${error.message}`, { path: input });
  if (error.code !== 'EINVAL') return error;
  return new DnnError(
    'EINVAL',
    `${input}: ${errorMessage(error)}.`,
    { ...error.details, path: input },
    { cause: error },
  );
}
