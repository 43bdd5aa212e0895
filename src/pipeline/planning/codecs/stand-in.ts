/**
 * Stand-ins for videos that ffmpeg cannot decode: further inputs of the planning run, with frames that are in
 * all but their samples as those that the browser decodes. FFmpeg negotiates formats, rates and tags with
 * them as it would with the true ones. Pure.
 */
import type { Rational } from '../../../media/nut/nut-stream.ts';
import type { CommandOption, FileGroup } from '../../command/command.ts';
import type { Plan } from '../../command/plan.ts';
import type { StreamPictures } from '../color/stream-pictures.ts';
import { startTime } from '../pipe-args.ts';
import type { PlannedFrames } from '../planned-frames.ts';
import type { Planning, StreamMapping, StreamSource } from '../planning-log.ts';
import { mapWords } from '../stream-maps.ts';
import { undecodedCodec } from './undecoded-videos.ts';

export interface StandIn {
  /** What it stands for. */
  readonly source: StreamSource;
  /** The frames as they are decoded. */
  readonly decoded: PlannedFrames;
  /** Filters by which ffmpeg turns them, as their file asks for. */
  readonly rotation: readonly string[];
}

/** What a planning run tells. */
interface Planned {
  readonly planning: Planning;
  readonly pictures: StreamPictures;
}

/**
 * A plan for planning runs alone: the stand-ins follow the user's inputs, and outputs get them in place of
 * what they stand for.
 *
 * @param planning of the command as it is: its streams and what is mapped.
 */
export function withStandIns(plan: Plan, planning: Planning, standIns: readonly StandIn[]): Plan {
  const { inputs, outputs } = plan.command;
  const replaced = outputs.map((output, index) => withMaps(plan, planning, standIns, output, index));
  return {
    ...plan,
    command: {
      ...plan.command,
      inputs: [...inputs, ...standIns.map((standIn) => standInInput(plan, standIn))],
      outputs: replaced,
    },
    chains: plan.chains.map((chain) => ({ ...chain, output: replaced[chain.outputIndex]! })),
  };
}

function withMaps(
  plan: Plan,
  planning: Planning,
  standIns: readonly StandIn[],
  output: FileGroup,
  index: number,
): FileGroup {
  const mappings = planning.outputs[index]?.mappings ?? [];
  const number = (mapping: StreamMapping): number =>
    standIns.findIndex(({ source }) => isSame(source, mapping.source));
  const video = mappings.find((mapping) => mapping.kind === 'encode' && number(mapping) >= 0);
  if (video === undefined) return output;
  const pipe = plan.command.inputs.length + number(video);
  const maps = mapWords(plan, planning, index, { video, pipe, reopened: new Map() });
  const options = [
    ...maps.filter((word) => word !== '-map').map((source) => option('map', source)),
    option('disposition', dispositionOf(planning, video), String(video.output)),
    ...output.options.filter(({ name }) => name !== 'map'),
  ];
  return { ...output, options };
}

/** Of the stream that is stood for: a further input has none. */
function dispositionOf({ inputs }: Planning, { source }: StreamMapping): string {
  const stream = inputs[source!.file]?.streams.find(({ index }) => index === source!.stream);
  return stream?.dispositions.join('+') || '0';
}

const isSame = (one: StreamSource, other: StreamSource | undefined): boolean =>
  one.file === other?.file && one.stream === other.stream;

const option = (name: string, value: string, specifier = ''): CommandOption => ({
  ...{ name, specifier, value, position: -1 },
  words: [specifier === '' ? `-${name}` : `-${name}:${specifier}`, value],
});

/** Transfer characteristics that options of decoders call otherwise than libavutil. */
const transferOptions: Readonly<Record<string, string>> = { bt470m: 'gamma22', bt470bg: 'gamma28' };

function standInInput({ command }: Plan, { decoded, rotation }: StandIn): FileGroup {
  const { width, height, pixelFormat, sampleAspectRatio, timeBase, frameRate, firstPts } = decoded;
  const { colorRange, colorSpace, colorPrimaries, colorTrc } = decoded;
  const rate = frameRate === undefined ? [] : [`rate=${rational(frameRate)}`];
  const filters = [
    ['color=black', `size=${width}x${height}`, ...rate].join(':'),
    'format=rgb24', // of others the source gives sizes of whole chroma samples only
    `format=${pixelFormat}`,
    `setsar=${rational(sampleAspectRatio)}:max=${mostOfRatio}`,
    `settb=${rational(timeBase)}`,
    `setpts=PTS+${firstPts}`.replace('+-', '-'),
    ...rotation,
  ];
  // Raw video has no tags of its own: its decoder gets them.
  const tags = [
    ['color_range', colorRange],
    ['colorspace', colorSpace],
    ['color_primaries', colorPrimaries],
    ['color_trc', transferOptions[colorTrc ?? ''] ?? colorTrc],
  ] as const;
  const startsAtZero = ['copyts', 'start_at_zero'].every(
    (name) => command.global.findLast((other) => other.name === name)?.value === '1',
  );
  const options = [
    // The times of the frames are what they are: ffmpeg takes no start time off them.
    option('seek_timestamp', '1'),
    ...(startsAtZero ? [option('itsoffset', `${startTime(decoded)}us`)] : []),
    ...tags.flatMap(([name, value]) => (value === undefined ? [] : [option(name, value)])),
    option('f', 'lavfi'),
  ];
  return { options, url: filters.join(','), position: -1 };
}

/** The filter takes terms of at most 100 by itself. */
const mostOfRatio = 2 ** 31 - 1;

const rational = ({ num, den }: Rational): string => `${num}/${den}`;

/** What a planning run of such a plan tells of the command as the user wrote it. */
export function withoutStandIns(
  { planning, pictures }: Planned,
  plan: Plan,
  standIns: readonly StandIn[],
): Planned {
  const count = plan.command.inputs.length;
  return {
    planning: {
      ...planning,
      frames: planning.frames.map(withoutChecksum),
      ...(planning.decoded === undefined ? {} : { decoded: planning.decoded.map(withoutChecksum) }),
      inputs: planning.inputs.slice(0, count),
      outputs: planning.outputs.map((output) => ({
        ...output,
        mappings: output.mappings.map((mapping) => {
          const standIn = standIns[(mapping.source?.file ?? -1) - count];
          return standIn === undefined ? mapping : { ...mapping, source: standIn.source };
        }),
      })),
    },
    pictures: { ...pictures, inputs: picturesOf(pictures, count, standIns) },
  };
}

/** Nobody can compare with samples that are none. */
function withoutChecksum(frames: PlannedFrames | undefined): PlannedFrames | undefined {
  if (frames === undefined) return undefined;
  const { checksum, ...rest } = frames;
  return checksum === undefined ? frames : rest;
}

function picturesOf(
  { inputs }: StreamPictures,
  count: number,
  standIns: readonly StandIn[],
): StreamPictures['inputs'] {
  const pictures = new Map(inputs);
  standIns.forEach(({ source }, index) => {
    const picture = pictures.get(`${count + index}:0`);
    pictures.delete(`${count + index}:0`);
    if (picture !== undefined)
      pictures.set(`${source.file}:${source.stream}`, { ...picture, codec: undecodedCodec });
  });
  return pictures;
}
