/** Rectangles of pixels, and the part of one that is in a frame. */
import type { Frame } from '../../frame/frame.ts';

/** In whole pixels; it may reach beyond the frame. A size of 0 or less has no pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** From `left` and `top` up to, without, `right` and `bottom`; no pixels where these are not larger. */
export interface ClippedBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** What of a box is in the frame. */
export function clipBox({ x, y, w, h }: Box, { width, height }: Frame): ClippedBox {
  return {
    left: Math.max(x, 0),
    top: Math.max(y, 0),
    right: Math.min(x + w, width),
    bottom: Math.min(y + h, height),
  };
}
