/** How a video frame of the browser lies: what is stored of it, how it is turned, how wide its pixels are. */
import type { Turn } from '../../../frame/rgbx/turn-pixels.ts';

/** What is asked of a `VideoFrame`; engines that turn frames by themselves know no `rotation` and `flip`. */
export interface ShapedFrame {
  readonly visibleRect: { readonly width: number; readonly height: number } | null;
  /** Size in square pixels, turned as it is shown. */
  readonly displayWidth: number;
  readonly displayHeight: number;
  readonly rotation?: number;
  readonly flip?: boolean;
}

/** By how much the pixels of a picture are wider and higher when shown: 1 and 1 for square ones. */
export interface Stretch {
  readonly x: number;
  readonly y: number;
}

export interface FrameShape {
  /** The visible pixels as they are stored. */
  readonly storedWidth: number;
  readonly storedHeight: number;
  readonly turn: Turn;
  /** Whether they are stored as they are seen. */
  readonly isUpright: boolean;
  /** The same number of pixels, turned: the frame that filters get. */
  readonly width: number;
  readonly height: number;
  readonly stretch: Stretch;
}

/**
 * Filters run on the pixels that are stored, turned as they are shown, as in FFmpeg (`autorotate`, and a
 * sample aspect ratio beside the pixels). So a frame is stretched only when it is drawn.
 */
export function shapeOf(frame: ShapedFrame): FrameShape {
  const { visibleRect, displayWidth, displayHeight, rotation = 0, flip = false } = frame;
  const turn: Turn = { rotation: quarterTurn(rotation), flip };
  const isLying = turn.rotation === 90 || turn.rotation === 270;
  const shown = { width: displayWidth, height: displayHeight };
  const turned = isLying ? { width: displayHeight, height: displayWidth } : shown;
  const { width: storedWidth, height: storedHeight } = visibleRect ?? turned;
  const [width, height] = isLying ? [storedHeight, storedWidth] : [storedWidth, storedHeight];
  return {
    ...{ storedWidth, storedHeight, turn, width, height },
    isUpright: turn.rotation === 0 && !flip,
    stretch: { x: displayWidth / width, y: displayHeight / height },
  };
}

/** Frames have no other ones (WebCodecs, "parse rotation"). */
function quarterTurn(degrees: number): Turn['rotation'] {
  return degrees === 90 || degrees === 180 || degrees === 270 ? degrees : 0;
}

/** The size on a canvas of what filters made of a frame, in square pixels. */
export function shownSize(width: number, height: number, { x, y }: Stretch): [width: number, height: number] {
  return [Math.max(1, Math.round(width * x)), Math.max(1, Math.round(height * y))];
}
