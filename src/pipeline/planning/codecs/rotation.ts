/**
 * The filters by which ffmpeg turns pictures as their file asks for; mirrors fftools/ffmpeg_filter.c ·
 * configure_input_video_filter of FFmpeg 5.1. Pure.
 */
import { isPixelFormat } from '../../../frame/pixel-format.ts';
import { lastValue, type FileGroup } from '../../command/command.ts';
import type { StreamPicture } from '../color/stream-pictures.ts';
import type { PlannedFrames } from '../planned-frames.ts';
import type { Planning, StreamSource } from '../planning-log.ts';

/** Degrees by which ffmpeg turns a stream of an input; 0 where it is told not to. */
export function turnOf(input: FileGroup, { inputs }: Planning, { file, stream }: StreamSource): number {
  if (Number(lastValue(input.options, 'autorotate') ?? 1) === 0) return 0;
  return inputs[file]?.streams.find(({ index }) => index === stream)?.rotation ?? 0;
}

/**
 * @param degrees of the display matrix, as ffmpeg prints them: counter-clockwise.
 * @returns undefined for turns by other than quarters.
 */
export function rotationFilters(degrees: number): readonly string[] | undefined {
  switch (((Math.round(-degrees) % 360) + 360) % 360) {
    case 0:
      return [];
    case 90:
      return ['transpose=clock'];
    case 180:
      return ['hflip', 'vflip'];
    case 270:
      return ['transpose=cclock'];
    default:
      return undefined;
  }
}

/**
 * The frames before such filters. A conversion may stand before the report of turned frames, since it may
 * stand before the filters that turn them: format and colours are then those of the file.
 *
 * @param picture of the stream.
 * @returns undefined where its format has no name here.
 */
export function beforeRotation(
  turned: PlannedFrames,
  filters: readonly string[],
  picture: StreamPicture,
): PlannedFrames | undefined {
  if (filters.length === 0) return turned;
  const { timeBase, frameRate, firstPts, fieldOrder } = turned;
  const pixelFormat = picture.pixelFormat.replace(/^yuvj/, 'yuv');
  if (!isPixelFormat(pixelFormat)) return undefined;
  const { colorRange, colorSpace, colorPrimaries, colorTrc } = picture;
  return {
    ...{ timeBase, firstPts, fieldOrder, pixelFormat },
    ...(frameRate === undefined ? {} : { frameRate }),
    ...(picture.pixelFormat === pixelFormat ? {} : { isYuvj: true }),
    ...(colorRange === undefined ? {} : { colorRange }),
    ...(colorSpace === undefined ? {} : { colorSpace }),
    ...(colorPrimaries === undefined ? {} : { colorPrimaries }),
    ...(colorTrc === undefined ? {} : { colorTrc }),
    ...shapeBefore(turned, filters),
  };
}

type Shape = Pick<PlannedFrames, 'width' | 'height' | 'sampleAspectRatio'>;

function shapeBefore({ width, height, sampleAspectRatio }: Shape, filters: readonly string[]): Shape {
  const isQuarter = filters.some((filter) => filter.startsWith('transpose'));
  if (!isQuarter) return { width, height, sampleAspectRatio };
  const { num, den } = sampleAspectRatio;
  return {
    ...{ width: height, height: width },
    sampleAspectRatio: num === 0 ? sampleAspectRatio : { num: den, den: num },
  };
}
