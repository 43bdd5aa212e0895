/** What ffmpeg's scaler does that ffmpeg puts between rgb24 and an encoder. */
import type { PixelFormat } from '../pixel-format.ts';
import type { PixelKernels } from '../pixel-kernels/pixel-kernels.ts';
import type { PlaneSize } from '../plane-scale-pass.ts';
import { KernelRgb24ToYuv420p } from './kernel-rgb24-to-yuv420p.ts';
import { Rgb24ToYuv420p } from './rgb24-to-yuv420p.ts';
import type { Yuv420pConverter } from './yuv420p-converter.ts';

/** Whether {@link autoYuv} has a converter. */
export function hasAutoYuv(from: PixelFormat, to: PixelFormat): boolean {
  return from === 'rgb24' && to === 'yuv420p';
}

/**
 * Converter between formats of the same size, both sides at least 1, by the frames' matrix
 * (libavfilter/vf_scale.c · scale_frame of FFmpeg 5.1, `in_color_matrix=auto`); samples become
 * limited range, whatever the tags say. The bytes equal those of FFmpeg's C code, but for the last
 * column of chroma of an odd width, for which FFmpeg reads on behind the rows.
 *
 * @param matrix by FFmpeg's name (libavutil/pixdesc.c, color_space_names); BT.601 for any other.
 * @param kernels that do it faster, with the same bytes.
 * @returns undefined for formats that are not converted here.
 */
export function autoYuv(
  from: PixelFormat,
  to: PixelFormat,
  size: PlaneSize,
  matrix?: string,
  kernels?: PixelKernels,
): Yuv420pConverter | undefined {
  if (!hasAutoYuv(from, to)) return undefined;
  return kernels === undefined
    ? new Rgb24ToYuv420p(size, matrix)
    : new KernelRgb24ToYuv420p(kernels, size, matrix);
}
