/** How swscale weighs red, green and blue (libswscale/utils.c · fill_rgb2yuv_table). */
import { defaultCoefficients, matrixCoefficients } from '../matrix-coefficients.ts';

/** Weights of red, green and blue in 15-bit fixed point (RGB2YUV_SHIFT), for samples of limited range. */
export type RgbWeights = readonly [number, number, number];

export interface RgbToYuvFactors {
  readonly y: RgbWeights;
  readonly u: RgbWeights;
  readonly v: RgbWeights;
}

/** BT.601's, for which swscale has numbers of its own. */
const defaultFactors: RgbToYuvFactors = {
  y: [8414, 16519, 3208],
  u: [-4865, -9528, 14392],
  v: [14392, -12061, -2332],
};

const one = 65536;
/** Of luma's range from 0 to 255, in 16-bit fixed point. */
const lumaScale = Math.trunc((one * 255) / 219);
const unit = 1 << 15;

/** @param matrix by FFmpeg's name (libavutil/pixdesc.c, color_space_names); BT.601 for any other. */
export function rgbToYuvFactors(matrix?: string): RgbToYuvFactors {
  const coefficients = matrixCoefficients(matrix);
  if (coefficients === defaultCoefficients) return defaultFactors;
  const [redOfV, blueOfU, greenOfU, greenOfV] = coefficients;
  const w = divideRounded(one * one * greenOfU, blueOfU);
  const v = divideRounded(one * one * greenOfV, redOfV);
  const z = one * one - w - v;
  const scaleY = divideRounded(lumaScale * z, one);
  const scaleU = divideRounded(blueOfU * z, one);
  const scaleV = divideRounded(redOfV * z, one);
  return {
    y: [
      -divideRounded(unit * v, scaleY),
      divideRounded(unit * one * one, scaleY),
      -divideRounded(unit * w, scaleY),
    ],
    u: [
      divideRounded(unit * v, scaleU),
      -divideRounded(unit * one * one, scaleU),
      divideRounded(unit * (z + w), scaleU),
    ],
    v: [
      divideRounded(unit * (v + z), scaleV),
      -divideRounded(unit * one * one, scaleV),
      divideRounded(unit * w, scaleV),
    ],
  };
}

/** ROUNDED_DIV of integers of at most 53 bits, the divisor positive. */
function divideRounded(dividend: number, divisor: number): number {
  const half = Math.floor(divisor / 2);
  return Math.trunc((dividend + (dividend >= 0 ? half : -half)) / divisor);
}
