/** What ffmpeg's scaler does that ffmpeg puts between a decoder and a filter which takes rgb24. */
import type { PixelKernels } from '../pixel-kernels/pixel-kernels.ts';
import type { PixelFormat } from '../pixel-format.ts';
import type { PlaneSize } from '../plane-scale-pass.ts';
import { KernelUnscaledYuv } from './kernel-unscaled-yuv.ts';
import type { PackedRgbConverter } from './packed-rgb-converter.ts';
import { UnscaledYuv } from './unscaled-yuv.ts';
import { yuvToRgbTables } from './yuv-to-rgb-tables.ts';

/** The tags of a frame that count; undefined where it has none. */
export interface YuvTags {
  /** FFmpeg's name (libavutil/pixdesc.c, color_space_names). */
  readonly colorSpace?: string | undefined;
  /** `pc` for 0..255 (color_range_names); also where the format is a `yuvj` one. */
  readonly colorRange?: string | undefined;
}

/**
 * Whether {@link autoRgb24} has a converter: swscale goes by tables then, whatever its filter is
 * (libswscale/swscale_unscaled.c · ff_get_unscaled_swscale).
 */
export function hasAutoRgb24(format: PixelFormat, { height }: Pick<PlaneSize, 'height'>): boolean {
  return (format === 'yuv420p' || format === 'yuv422p') && height % 2 === 0;
}

/**
 * Converter to rgb24 of the same size, by the frame's matrix and range (libavfilter/vf_scale.c · scale_frame
 * of FFmpeg 5.1, `in_color_matrix=auto`). The bytes equal those of FFmpeg's C code, but for the last column
 * of an odd width, which FFmpeg leaves as its memory was.
 *
 * @param kernels that do it faster, with the same bytes.
 * @returns undefined for what FFmpeg converts in another way.
 */
export function autoRgb24(
  format: PixelFormat,
  size: PlaneSize,
  { colorSpace, colorRange }: YuvTags,
  kernels?: PixelKernels,
): PackedRgbConverter | undefined {
  if (!hasAutoRgb24(format, size)) return undefined;
  const tables = yuvToRgbTables(colorRange === 'pc', colorSpace);
  const chromaRows = format === 'yuv420p' ? 1 : 2;
  if (kernels !== undefined) return new KernelUnscaledYuv(kernels, chromaRows, 'rgb', tables);
  return new UnscaledYuv(size.width, chromaRows, 'rgb', tables);
}
