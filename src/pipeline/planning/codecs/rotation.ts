/**
 * The filters by which ffmpeg turns pictures as their file asks for; mirrors fftools/ffmpeg_filter.c ·
 * configure_input_video_filter of FFmpeg 5.1. Pure.
 */
import type { PlannedFrames } from '../planned-frames.ts';

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

/** The frames before such filters. */
export function beforeRotation<Frames extends PlannedFrames>(
  frames: Frames,
  filters: readonly string[],
): Frames {
  if (!filters.some((filter) => filter.startsWith('transpose'))) return frames;
  const { width, height, sampleAspectRatio } = frames;
  const { num, den } = sampleAspectRatio;
  return {
    ...frames,
    ...{ width: height, height: width },
    sampleAspectRatio: num === 0 ? sampleAspectRatio : { num: den, den: num },
  };
}
