/** A line of text, with or without a box behind it; mirrors libavfilter/vf_drawtext.c · draw_text. */
import type { Frame } from '../../frame/frame.ts';
import { cellHeight, cellWidth, hasInk } from './bitmap-font.ts';
import { blendMask, blendRectangle, type Mask } from './blend.ts';
import type { Color } from './color.ts';

export interface TextStyle {
  /**
   * Pixels from the top of a line to its end; letters get the largest whole multiple of
   * the font that fits, at least 1.
   */
  readonly fontsize: number;
  readonly fontcolor: Color;
  /** The colour behind the text; undefined for none. */
  readonly boxcolor: Color | undefined;
  /** Pixels that the box is larger than the text, on each side. */
  readonly boxborderw: number;
  /** Moves what would leave the frame, box included, back into it as far as there is room. */
  readonly fixBounds: boolean;
}

/**
 * Draws text into a frame that the caller owns, its upper left corner at (x, y); what is outside is left out.
 */
export function drawText(frame: Frame, text: string, x: number, y: number, style: TextStyle): void {
  const mask = textMask(text, Math.max(1, Math.floor(style.fontsize / cellHeight)));
  const border = style.boxcolor === undefined ? 0 : style.boxborderw;
  const left = style.fixBounds ? insideOf(x, mask.width, frame.width, border) : x;
  const top = style.fixBounds ? insideOf(y, mask.height, frame.height, border) : y;
  if (style.boxcolor !== undefined) {
    const box = {
      x: left - border,
      y: top - border,
      w: mask.width + 2 * border,
      h: mask.height + 2 * border,
    };
    blendRectangle(frame, box, style.boxcolor);
  }
  blendMask(frame, mask, left, top, style.fontcolor);
}

/** The letters side by side, each pixel of the font as a square of `scale` x `scale`. */
function textMask(text: string, scale: number): Mask {
  const codePoints = Array.from(text, (letter) => letter.codePointAt(0)!);
  return {
    // Without the blank column behind the last letter.
    width: Math.max(0, codePoints.length * cellWidth - 1) * scale,
    height: cellHeight * scale,
    coverage(x, y) {
      const column = Math.floor(x / scale);
      const letter = codePoints[Math.floor(column / cellWidth)]!;
      return hasInk(letter, column % cellWidth, Math.floor(y / scale)) ? 255 : 0;
    },
  };
}

/**
 * The text's start, moved so that text and border lie in the frame; where they
 * are too large, the end goes out.
 */
function insideOf(start: number, size: number, frameSize: number, border: number): number {
  const first = Math.max(start, border);
  return first + size + border > frameSize ? Math.max(frameSize - size - border, 0) : first;
}
