/** What a planning run would tell of a command that is carried out without ffmpeg. Pure. */
import type { Rational } from '../../../media/nut/nut-stream.ts';
import type { CodecName } from '../../../codecs/codec-contract.ts';
import { pixelFormatDescriptor, type PixelFormat } from '../../../frame/pixel-format.ts';
import type { StreamPicture, StreamPictures } from '../color/stream-pictures.ts';
import type { PlannedFrames } from '../planned-frames.ts';
import type { Planning } from '../planning-log.ts';
import type { InputListing } from './input-listing.ts';
import type { SettledLink, SettledLinks } from './settle-links.ts';

export interface ContainerPlanningOptions {
  readonly listing: InputListing;
  readonly links: SettledLinks;
  readonly codec: CodecName;
  /** Of the pictures that are encoded. */
  readonly encoded: PixelFormat;
  readonly timeBase: Rational;
  readonly frameRate: Rational;
  /** pts of the first frame. */
  readonly firstPts: number;
}

/** With one video stream from the input through the chain to the output. */
export function containerPlanning(options: ContainerPlanningOptions): {
  readonly planning: Planning;
  readonly pictures: StreamPictures;
} {
  const { listing, links, codec, encoded } = options;
  const stream = listing.video ?? 0;
  const source = { file: 0, stream };
  const { width, height } = links.behind;
  const frames = links.before.map((link) => plannedFrames(link, options));
  const tags = pixelFormatDescriptor(links.behind.format).isRgb
    ? convertedTags(listing.picture)
    : tagsOf(listing.picture);
  const output: StreamPicture = { codec, pixelFormat: encoded, width, height, ...tags };
  const inputs = listing.picture === undefined ? [] : ([[`0:${stream}`, listing.picture]] as const);
  return {
    planning: {
      frames,
      inputs: [listing.input],
      outputs: [{ mappings: [{ source, kind: 'encode', output: 0 }], streams: [] }],
      graphInputs: [],
    },
    pictures: { inputs: new Map(inputs), outputs: new Map([['0:0', output]]) },
  };
}

function plannedFrames(
  { format, width, height, sampleAspectRatio }: SettledLink,
  { listing, timeBase, frameRate, firstPts }: ContainerPlanningOptions,
): PlannedFrames {
  const { colorSpace, ...others } = tagsOf(listing.picture);
  // ffmpeg 5.1 takes the matrix away where frames become RGB (libavfilter/vf_scale.c · scale_frame).
  const matrix = pixelFormatDescriptor(format).isRgb || colorSpace === undefined ? {} : { colorSpace };
  return {
    ...{ pixelFormat: format, width, height, sampleAspectRatio, timeBase, frameRate, firstPts },
    ...{ fieldOrder: 'prog', ...others, ...matrix },
  };
}

type Tags = Pick<PlannedFrames, 'colorRange' | 'colorSpace' | 'colorPrimaries' | 'colorTrc'>;

/** Those that are known. */
function tagsOf(picture: StreamPicture | undefined): Tags {
  const { colorRange, colorSpace, colorPrimaries, colorTrc } = picture ?? {};
  return {
    ...(colorRange === undefined ? {} : { colorRange }),
    ...(colorSpace === undefined ? {} : { colorSpace }),
    ...(colorPrimaries === undefined ? {} : { colorPrimaries }),
    ...(colorTrc === undefined ? {} : { colorTrc }),
  };
}

/** What ffmpeg's own conversion from RGB writes: limited range, and no matrix. */
function convertedTags(picture: StreamPicture | undefined): Tags {
  return { ...tagsOf(picture && { ...picture, colorSpace: undefined }), colorRange: 'tv' };
}
