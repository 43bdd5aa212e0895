/**
 * How swscale sets up a scaler to packed RGB with SWS_FAST_BILINEAR
 * (libswscale/utils.c · sws_init_context, C code).
 */
import { pixelFormatDescriptor, type PixelFormat } from '../pixel-format.ts';
import type { PlaneSize } from '../plane-scale-pass.ts';

export interface ScaleSetup {
  readonly src: PlaneSize;
  readonly dst: PlaneSize;
  /** Chroma samples of the source as they are scaled: of RGB, every other pixel's. */
  readonly chromaSrc: PlaneSize;
  /** Chroma samples of the destination: one for two pixels of a row, or one for each (SWS_FULL_CHR_H_INT). */
  readonly chromaDst: PlaneSize;
  readonly fullChroma: boolean;
  /** Rows are scaled by hyscale_fast_c and hcscale_fast_c: 8-bit samples, both widths at least 8. */
  readonly fastRows: boolean;
  /** SWS_BILINEAR took the place of SWS_FAST_BILINEAR, since a width is below 8. */
  readonly narrow: boolean;
  /** gray: samples are 0..255. Of grayf32le swscale takes 0..1 for limited range. */
  readonly fullRange: boolean;
  readonly hasChroma: boolean;
}

export function scaleSetup(format: PixelFormat, src: PlaneSize, dst: PlaneSize): ScaleSetup {
  const { isRgb, components, log2ChromaWidth, log2ChromaHeight } = pixelFormatDescriptor(format);
  const narrow = src.width < 8 || dst.width < 8;
  const isSubsampled = log2ChromaWidth > 0 || log2ChromaHeight > 0;
  const fullChroma = dst.width % 2 === 1 || (narrow && !isSubsampled);
  const chromaDst = { width: fullChroma ? dst.width : dst.width / 2, height: dst.height };
  const halvesChroma = isRgb && (!narrow || chromaDst.width <= Math.floor(src.width / 2));
  const chromaShift = halvesChroma ? 1 : log2ChromaWidth;
  return {
    src,
    dst,
    chromaSrc: {
      width: Math.ceil(src.width / 2 ** chromaShift),
      height: Math.ceil(src.height / 2 ** log2ChromaHeight),
    },
    chromaDst,
    fullChroma,
    fastRows: !narrow && !isRgb && format !== 'grayf32le',
    narrow,
    fullRange: format === 'gray',
    hasChroma: components === 3,
  };
}
