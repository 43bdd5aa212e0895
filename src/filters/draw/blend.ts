/**
 * Translucent areas and text in a picture; mirrors libavfilter/drawutils.c ·
 * ff_blend_rectangle and ff_blend_mask.
 */
import type { Frame } from '../../frame/frame.ts';
import { clipBox, type Box } from './box.ts';
import { colorComponents, drawtextValues, type ColorComponent } from './color-components.ts';
import type { Color } from './color.ts';

/**
 * The alpha that leaves nothing of what was there; other alphas are parts of it, as in
 * drawutils.c. Times 255 it fills 32 bits.
 */
const opaque = 0x1010101;

/** A picture of coverage: 0 leaves the pixel, 255 covers it. */
export interface Mask {
  readonly width: number;
  readonly height: number;
  /** Asked only for pixels that are inside the mask and the frame. */
  coverage(x: number, y: number): number;
}

/**
 * Fills a rectangle with a colour, in a frame that the caller owns; what is outside the frame is left out.
 * Chroma samples at the edge that the rectangle covers in part are blended in part.
 */
export function blendRectangle(frame: Frame, box: Box, color: Color): void {
  const alpha = 0x10203 * color[3] + 2;
  blendSamples(frame, box, color, ({ log2Width, log2Height }, { w, h }) => {
    // A part of the rows counts as half of them, whatever part it is: FFmpeg does so too.
    const rowsAlpha = h === 1 << log2Height ? alpha : alpha >>> 1;
    return (w * rowsAlpha) >>> log2Width;
  });
}

/** Draws the mask's pixels in a colour, its upper left corner at (x, y), in a frame that the caller owns. */
export function blendMask(frame: Frame, mask: Mask, x: number, y: number, color: Color): void {
  const alpha = (0x10307 * color[3] + 3) >> 8;
  const box = { x, y, w: mask.width, h: mask.height };
  blendSamples(frame, box, color, ({ log2Width, log2Height }, area) => {
    let sum = 0;
    for (let row = area.y; row < area.y + area.h; row++) {
      for (let column = area.x; column < area.x + area.w; column++) sum += mask.coverage(column - x, row - y);
    }
    return (sum >> (log2Width + log2Height)) * alpha;
  });
}

/**
 * Blends a colour into every sample that a box touches.
 *
 * @param alphaOf tells the alpha, 0 to {@link opaque}, of a sample from those of its
 * pixels that are in box and frame
 */
function blendSamples(
  frame: Frame,
  box: Box,
  color: Color,
  alphaOf: (component: ColorComponent, pixels: Box) => number,
): void {
  if (color[3] === 0) return;
  const { left, top, right, bottom } = clipBox(box, frame);
  const values = drawtextValues(frame.format, color);
  colorComponents(frame).forEach((component, index) => {
    const { samples, offset, step, stride, log2Width, log2Height } = component;
    const blend = samples instanceof Float32Array ? blendFloat : blendByte;
    for (let y = top, nextY; y < bottom; y = nextY) {
      nextY = Math.min(((y >> log2Height) + 1) << log2Height, bottom);
      const row = offset + (y >> log2Height) * stride;
      for (let x = left, nextX; x < right; x = nextX) {
        nextX = Math.min(((x >> log2Width) + 1) << log2Width, right);
        const alpha = alphaOf(component, { x, y, w: nextX - x, h: nextY - y });
        const offset = row + (x >> log2Width) * step;
        samples[offset] = blend(samples[offset]!, values[index]!, alpha);
      }
    }
  });
}

function blendByte(old: number, value: number, alpha: number): number {
  return ((opaque - alpha) * old + alpha * value) >>> 24;
}

function blendFloat(old: number, value: number, alpha: number): number {
  return old + ((value / 255 - old) * alpha) / opaque;
}
