/** Numbers that are the same in every run and on both sides of the bench page. */

/**
 * @param {number} count
 * @param {number} seed a whole number
 * @param {{ from: number, to: number }} range of the values
 */
export function seededValues(count, seed, { from, to }) {
  let state = (Math.imul(seed, 2654435761) + 12345) >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return from + ((to - from) * state) / 2 ** 32;
  });
}
