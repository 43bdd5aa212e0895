/** How far two results are apart. */

/**
 * @param {Float32Array} a
 * @param {Float32Array} b
 * @returns {number} Infinity where they have not as many values, or one that is no number
 */
export function largestDifference(a, b) {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (const [index, value] of a.entries()) {
    const difference = Math.abs(value - (b[index] ?? NaN));
    if (Number.isNaN(difference)) return Infinity;
    largest = Math.max(largest, difference);
  }
  return largest;
}
