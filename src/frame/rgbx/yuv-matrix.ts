/** Which numbers turn YUV into RGB: the matrix and the range that a video frame is tagged with. */

/** As VideoColorSpace has it; null where a frame is not tagged. */
export interface YuvColors {
  readonly matrix?: string | null | undefined;
  readonly fullRange?: boolean | null | undefined;
}

/** R = luma · Y' + redV · V', and so on, Y' being Y minus `black`, U' and V' minus 128; all times 65536. */
export interface YuvToRgb {
  readonly black: number;
  readonly luma: number;
  readonly redV: number;
  readonly greenU: number;
  readonly greenV: number;
  readonly blueU: number;
}

/** The weights of red and blue in luma, by VideoMatrixCoefficients. */
const weights: Readonly<Record<string, readonly [red: number, blue: number]>> = {
  bt709: [0.2126, 0.0722],
  bt470bg: [0.299, 0.114],
  smpte170m: [0.299, 0.114],
  'bt2020-ncl': [0.2627, 0.0593],
};

/** Frames without a tag: high-definition ones are BT.709 by custom, all others BT.601. */
const highDefinitionHeight = 720;

/** @param height of the frame in pixels, which decides where its matrix is not tagged. */
export function yuvToRgb({ matrix, fullRange }: YuvColors, height: number): YuvToRgb {
  const untagged = height >= highDefinitionHeight ? 'bt709' : 'smpte170m';
  const [red, blue] = weights[matrix ?? untagged] ?? weights[untagged]!;
  const green = 1 - red - blue;
  const isFull = fullRange === true;
  const luma = isFull ? 1 : 255 / 219;
  const chroma = isFull ? 1 : 255 / 224;
  const fixed = (value: number): number => Math.round(value * 65536);
  return {
    black: isFull ? 0 : 16,
    luma: fixed(luma),
    redV: fixed(2 * (1 - red) * chroma),
    greenU: fixed((-2 * (1 - blue) * blue * chroma) / green),
    greenV: fixed((-2 * (1 - red) * red * chroma) / green),
    blueU: fixed(2 * (1 - blue) * chroma),
  };
}
