/** Turns a picture of 32-bit pixels as it is to be shown. */

/** How a stored picture is turned before it is seen, as VideoFrame has it (WebCodecs, "VideoFrame"). */
export interface Turn {
  /** Degrees clockwise. */
  readonly rotation: 0 | 90 | 180 | 270;
  /** Whether left and right are changed after that. */
  readonly flip: boolean;
}

/**
 * A turned copy; by 90 or 270 degrees it is `height x width`. The pixels stay the caller's.
 *
 * @param pixels `width x height` of them, row by row.
 */
export function turnPixels(
  pixels: Uint32Array,
  width: number,
  height: number,
  { rotation, flip }: Turn,
): Uint32Array<ArrayBuffer> {
  const isLying = rotation === 90 || rotation === 270;
  const columns = isLying ? height : width;
  const rows = isLying ? width : height;
  // Where the pixel at the top left comes from, and how far apart neighbours of the result are.
  const [first, across, down] = starts(width, height)[rotation];
  const right = flip ? -across : across;
  let from = flip ? first + across * (columns - 1) : first;
  const turned = new Uint32Array(width * height);
  let to = 0;
  for (let row = 0; row < rows; row++, from += down) {
    for (let column = 0, at = from; column < columns; column++, at += right) turned[to++] = pixels[at]!;
  }
  return turned;
}

function starts(
  width: number,
  height: number,
): Readonly<Record<Turn['rotation'], readonly [first: number, across: number, down: number]>> {
  return {
    0: [0, 1, width],
    90: [(height - 1) * width, -width, 1],
    180: [width * height - 1, -1, -width],
    270: [width - 1, width, -1],
  };
}
