/** Where the values of a tensor lie: row-major, tightly packed. */

/** Values from one index to the next, by axis. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}

/** Number of values. */
export function countOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** A shape with leading ones up to a rank. */
export function withRank(shape: readonly number[], rank: number): number[] {
  return [...Array.from({ length: Math.max(0, rank - shape.length) }, () => 1), ...shape];
}

/**
 * For each index of an output (all its axes as one), the index of an operand that broadcasts to it.
 *
 * @returns undefined where the operand does not fit.
 */
export function broadcastIndices(own: readonly number[], output: readonly number[]): Int32Array | undefined {
  const shape = withRank(own, output.length);
  if (shape.length !== output.length) return undefined;
  if (shape.some((size, axis) => size !== 1 && size !== output[axis])) return undefined;
  const strides = stridesOf(shape).map((stride, axis) => (shape[axis] === 1 ? 0 : stride));
  const count = countOf(output);
  const indices = new Int32Array(count);
  for (let index = 0; index < count; index++) {
    let [rest, at] = [index, 0];
    for (let axis = output.length - 1; axis >= 0; axis--) {
      at += strides[axis]! * (rest % output[axis]!);
      rest = Math.floor(rest / output[axis]!);
    }
    indices[index] = at;
  }
  return indices;
}
