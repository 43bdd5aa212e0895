/** Levels of codecs: how large, how fast and how many bits a stream may be that says it is of one. */

/** The most that a level allows; one row of a codec's table. */
export interface Level {
  /** As the codec string has it. */
  readonly code: number;
  /** Luma samples of a picture, as the codec counts them. */
  readonly pictureSize: number;
  /** Luma samples in a second. */
  readonly sampleRate: number;
  readonly bitsPerSecond: number;
  /** Luma samples of a row, and of a column. */
  readonly maxWidth: number;
  readonly maxHeight: number;
}

/** What a stream needs. */
export interface StreamDemands {
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  /** Undefined where the bits follow from the quality. */
  readonly bitsPerSecond?: number | undefined;
}

/**
 * The levels that allow a stream's picture, the best first: the lowest that its rates keep to, those above,
 * then those below, which it does not quite keep to.
 *
 * @param levels in ascending order.
 * @returns none for a picture that is too large for the codec.
 */
export function fittingLevels(levels: readonly Level[], stream: StreamDemands): readonly Level[] {
  const { width, height, framesPerSecond, bitsPerSecond = 0 } = stream;
  const large = levels.filter(
    (level) => width * height <= level.pictureSize && width <= level.maxWidth && height <= level.maxHeight,
  );
  const lowest = large.findIndex(
    (level) => width * height * framesPerSecond <= level.sampleRate && bitsPerSecond <= level.bitsPerSecond,
  );
  if (lowest < 0) return large.reverse();
  return [...large.slice(lowest), ...large.slice(0, lowest).reverse()];
}
