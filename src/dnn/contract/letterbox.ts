/** Where a frame lies in the model's picture when it keeps its aspect ratio. */
import type { AnalyticsInput } from './analytics-spec.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Whole pixels of the model's picture. */
export interface Content extends Size {
  readonly x: number;
  readonly y: number;
}

/**
 * The part of the model's picture that the frame fills: all of it, or with a letterbox the largest of the
 * frame's aspect ratio, in whole pixels (LetterBox of ultralytics/data/augment.py; preproc of
 * yolox/data/data_augment.py, which cuts where the other rounds).
 *
 * @param frame of at least one pixel, as the model's picture.
 */
export function contentOf(frame: Size, { width, height, letterbox }: PictureOfModel): Content {
  if (letterbox === undefined) return { x: 0, y: 0, width, height };
  const ratio = Math.min(width / frame.width, height / frame.height);
  const isCentred = letterbox.place === 'centre';
  const side = (size: number, most: number): number => {
    // The product may miss a whole number by its last bit.
    const exact = size * ratio + 1e-9;
    return Math.min(Math.max(isCentred ? Math.round(exact) : Math.floor(exact), 1), most);
  };
  const content = { width: side(frame.width, width), height: side(frame.height, height) };
  if (!isCentred) return { x: 0, y: 0, ...content };
  return {
    x: Math.floor((width - content.width) / 2),
    y: Math.floor((height - content.height) / 2),
    ...content,
  };
}

/** Size of the model's picture in pixels, and how a frame lies in it. */
export type PictureOfModel = Pick<AnalyticsInput, 'width' | 'height' | 'letterbox'>;

/**
 * The size of the picture that a model gets of frames of one size: its own, or where it takes any, the
 * frame's. With `openSize` that is scaled down until no side is longer than `longest`, and each side is
 * rounded up to whole multiples.
 *
 * @param input width and height are -1 where the model takes any.
 */
export function pictureSize(frame: Size, { width, height, openSize }: AnalyticsInput): Size {
  if (openSize === undefined) {
    return { width: width < 0 ? frame.width : width, height: height < 0 ? frame.height : height };
  }
  const { longest, multiple } = openSize;
  const ratio = Math.min(longest / Math.max(frame.width, frame.height), 1);
  const side = (size: number): number => Math.max(Math.ceil((size * ratio - 1e-9) / multiple), 1) * multiple;
  return {
    width: width < 0 ? side(frame.width) : width,
    height: height < 0 ? side(frame.height) : height,
  };
}
