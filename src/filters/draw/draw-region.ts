/**
 * The frame of a box, drawn into a picture; mirrors libavfilter/vf_drawbox.c ·
 * draw_region, draw_region_rgb_packed.
 */
import type { Frame } from '../../frame/frame.ts';
import { pixelFormatDescriptor, type PixelFormat } from '../../frame/pixel-format.ts';
import { clipBox, type Box } from './box.ts';
import { colorComponents, drawboxValues, type ColorComponent } from './color-components.ts';
import type { Color } from './color.ts';

/**
 * Draws the edge of a box, `thickness` pixels wide to the inside, into a frame that the caller
 * owns. A box that is not wider or higher than twice the thickness is filled; one of no size, or
 * outside the frame, draws nothing.
 *
 * As in FFmpeg a chroma sample is blended once for each pixel of the edge that shares it, so a translucent
 * edge is denser there than in luma. `invert` inverts RGB, of YUV the luma. nv12, gray and grayf32, which
 * FFmpeg's drawbox does not take, are drawn as yuv420p is, with interleaved chroma or without any.
 */
export function drawRegion(frame: Frame, box: Box, thickness: number, paint: Color | 'invert'): void {
  colorComponents(frame).forEach((component, index) => {
    const newValue =
      paint === 'invert' ? inverting(frame.format, index) : blending(frame.format, index, paint);
    if (newValue !== undefined) drawComponent(frame, component, box, thickness, newValue);
  });
}

type NewValue = (old: number) => number;

function inverting(format: PixelFormat, index: number): NewValue | undefined {
  const { isRgb, bytesPerSample } = pixelFormatDescriptor(format);
  if (!isRgb && index > 0) return undefined;
  const white = bytesPerSample === 4 ? 1 : 255;
  return (old) => white - old;
}

/**
 * Storing in bytes cuts the fraction off, as C does; so the rounding before it, float
 * in RGB and double in YUV, shows.
 */
function blending(format: PixelFormat, index: number, color: Color): NewValue {
  const { isRgb, bytesPerSample } = pixelFormatDescriptor(format);
  const value = drawboxValues(format, color)[index]!;
  if (isRgb) {
    const { fround } = Math;
    const alpha = fround(color[3] / 255);
    const rest = fround(1 - alpha);
    const part = fround(alpha * value);
    return (old) => fround(fround(rest * old) + part);
  }
  const alpha = color[3] / 255;
  const part = alpha * (bytesPerSample === 4 ? value / 255 : value);
  return (old) => (1 - alpha) * old + part;
}

function drawComponent(
  frame: Frame,
  component: ColorComponent,
  box: Box,
  thickness: number,
  newValue: NewValue,
): void {
  const { samples, offset, step, stride, log2Width, log2Height } = component;
  const { left, top, right, bottom } = clipBox(box, frame);
  // pixel_belongs_to_box: the rows of the upper and lower edge are drawn whole, of the others both ends.
  const innerLeft = Math.max(left, Math.min(box.x + thickness, right));
  const innerRight = Math.max(innerLeft, box.x + box.w - thickness);
  for (let y = top; y < bottom; y++) {
    const row = offset + (y >> log2Height) * stride;
    const isWhole = y - box.y < thickness || box.y + box.h - 1 - y < thickness;
    for (let x = left; x < right; x++) {
      if (!isWhole && x === innerLeft) x = innerRight;
      if (x >= right) break;
      const index = row + (x >> log2Width) * step;
      samples[index] = newValue(samples[index]!);
    }
  }
}
