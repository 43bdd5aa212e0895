/** Which conversions for encoders are done here exactly as by the scaler that ffmpeg puts in by itself. */
import type { PixelFormat } from '../pixel-format.ts';

/** Whether frames of a format become those of another one of the same size, the sides at least 1. */
export function hasAutoYuv(from: PixelFormat, to: PixelFormat): boolean {
  return from === 'rgb24' && to === 'yuv420p';
}
