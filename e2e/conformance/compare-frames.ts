/** Compares the samples of two frames. */

/** Bytes, or floats of grayf32. */
export type Samples = Uint8Array | Float32Array;

/** How far two buffers of samples are from each other. */
export interface Comparison {
  /** Samples that were compared. */
  readonly samples: number;
  /** Bits are the same, or both are NaN. */
  readonly identical: number;
  /** Largest difference; of floats above 1 it is relative; Infinity where only one is a number. */
  readonly largest: number;
}

function distance(one: number, other: number, isFloat: boolean): number {
  if (Object.is(one, other) || (Number.isNaN(one) && Number.isNaN(other)) || one === other) return 0;
  // Sums of large values round by large steps.
  const scale = isFloat ? Math.max(1, Math.abs(other)) : 1;
  const difference = Math.abs(one - other) / scale;
  return Number.isFinite(difference) ? difference : Infinity;
}

/** @param skip samples that are left out. @throws Error for buffers of different lengths */
export function compareSamples(
  ours: ArrayLike<number>,
  theirs: ArrayLike<number>,
  skip: (index: number) => boolean = () => false,
): Comparison {
  if (ours.length !== theirs.length)
    throw new Error(`${ours.length} samples here, ${theirs.length} from stock ffmpeg`);
  const isFloat = theirs instanceof Float32Array;
  let [samples, identical, largest] = [0, 0, 0];
  for (let index = 0; index < ours.length; index++) {
    if (skip(index)) continue;
    samples += 1;
    const difference = distance(ours[index]!, theirs[index]!, isFloat);
    if (difference === 0) identical += 1;
    largest = Math.max(largest, difference);
  }
  return { samples, identical, largest };
}

/** Bytes of float frames as numbers. */
export function floatsOf(bytes: Buffer): Float32Array {
  return new Float32Array(Uint8Array.from(bytes).buffer);
}
