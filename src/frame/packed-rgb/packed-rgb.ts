/** Frames as packed 24-bit RGB or BGR of a model's size, with the pixels that FFmpeg gives a model. */
import { pixelFormatDescriptor, type PixelFormat } from '../pixel-format.ts';
import type { PlaneSize } from '../plane-scale-pass.ts';
import type { PackedRgbConverter } from './packed-rgb-converter.ts';
import { PackedRgbScaler } from './packed-rgb-scaler.ts';
import { copyRgb, exchangeRedAndBlue } from './repack-rgb.ts';
import { UnscaledYuv } from './unscaled-yuv.ts';

/**
 * Converter from frames of `format` and size `src` to `order` of size `dst`, both sizes positive integers:
 * what sws_getContext(src, format, dst, rgb24 or bgr24, SWS_FAST_BILINEAR) of FFmpeg 5.1 computes with its C
 * code (libavfilter/dnn/dnn_io_proc.c · ff_frame_to_dnn_detect; libswscale/utils.c, swscale_unscaled.c). YUV
 * is BT.601 limited range, whatever a frame's tags say; gray is full range, grayf32le limited.
 *
 * The bytes equal FFmpeg's, in all ten formats, but where FFmpeg's are not defined or it goes another way:
 * - rgb24 and bgr24 of odd width: FFmpeg reads one pixel beyond each row for its last chroma sample, here
 *   that pixel is the last one once more;
 * - yuv420p and yuv422p of odd width and even height at equal size: FFmpeg leaves the last column as its
 *   memory was, here it is converted like the others;
 * - where a width is below 8 and rows or columns shrink more than 127 fold, swscale
 *   scales in two steps, here in one.
 */
export function packedRgbConverter(
  format: PixelFormat,
  src: PlaneSize,
  dst: PlaneSize,
  order: 'rgb' | 'bgr',
): PackedRgbConverter {
  if (src.width === dst.width && src.height === dst.height) {
    if (pixelFormatDescriptor(format).isRgb) return format === `${order}24` ? copyRgb : exchangeRedAndBlue;
    const tables = format === 'yuv420p' || format === 'yuv422p';
    if (tables && src.height % 2 === 0)
      return new UnscaledYuv(src.width, format === 'yuv420p' ? 1 : 2, order);
  }
  return new PackedRgbScaler(format, src, dst, order);
}
