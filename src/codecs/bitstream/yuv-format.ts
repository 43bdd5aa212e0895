/** The pixel format of decoded planes. */
import type { PixelFormat } from '../../frame/pixel-format.ts';

/** How a codec lays out its samples. */
export interface Samples {
  /** As H.264 and H.265 number it: 0 is no chroma, then 4:2:0, 4:2:2, 4:4:4; undefined for any other. */
  readonly chromaFormat: number | undefined;
  readonly lumaBits: number;
  readonly chromaBits: number;
  /** Whether the planes are green, blue and red (`matrix_coefficients` 0). */
  readonly isRgb: boolean;
}

const formats: Readonly<Record<number, readonly (PixelFormat | undefined)[]>> = {
  8: ['gray', 'yuv420p', 'yuv422p', 'yuv444p'],
  10: [undefined, 'yuv420p10le', 'yuv422p10le', 'yuv444p10le'],
};

/** Undefined where it is none of this project's formats. */
export function yuvFormat({ chromaFormat, lumaBits, chromaBits, isRgb }: Samples): PixelFormat | undefined {
  const hasEqualDepth = chromaFormat === 0 || lumaBits === chromaBits;
  if (chromaFormat === undefined || !hasEqualDepth || isRgb) return undefined;
  return formats[lumaBits]?.[chromaFormat];
}

/** Of a decoder that gives planes of grey in place of chroma that there is not. */
export function withGreyChroma<Some extends Samples | Omit<Samples, 'isRgb'>>(samples: Some): Some {
  return samples.chromaFormat === 0 ? { ...samples, chromaFormat: 1, chromaBits: samples.lumaBits } : samples;
}
