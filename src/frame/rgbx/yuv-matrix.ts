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
const weights = {
  bt709: [0.2126, 0.0722],
  bt470bg: [0.299, 0.114],
  smpte170m: [0.299, 0.114],
  'bt2020-ncl': [0.2627, 0.0593],
} as const;

function isKnown(matrix: YuvColors['matrix']): matrix is keyof typeof weights {
  return typeof matrix === 'string' && Object.hasOwn(weights, matrix);
}

/** A frame without a matrix counts as this one, whatever its range and its size: Chromium shows it so. */
const untagged = { matrix: 'smpte170m', fullRange: false } as const;

/** The numbers of a frame's tags; those of one with no matrix, or with one that is not known, of BT.601. */
export function yuvToRgb(tags: YuvColors): YuvToRgb {
  const { matrix, fullRange } = isKnown(tags.matrix) ? { ...tags, matrix: tags.matrix } : untagged;
  const [red, blue] = weights[matrix];
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
