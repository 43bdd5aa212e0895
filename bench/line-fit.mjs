/** A straight line through what something costs at several sizes. */

/**
 * Least squares.
 *
 * @param {Omit<import('./report-format.ts').Fit, 'slope' | 'offset' | 'r2'>} row with at
 * least two points at different x
 * @returns {import('./report-format.ts').Fit}
 */
export function lineFit(row) {
  const { points } = row;
  const mean = (/** @type {readonly number[]} */ values) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(points.map(({ x }) => x)), mean(points.map(({ y }) => y))];
  const sum = (/** @type {(x: number, y: number) => number} */ term) =>
    points.reduce((total, { x, y }) => total + term(x - meanX, y - meanY), 0);
  const slope = sum((x, y) => x * y) / sum((x) => x * x);
  const spread = sum((_, y) => y * y);
  // A cost that is the same at every size lies on its line.
  const r2 = spread === 0 ? 1 : 1 - sum((x, y) => (y - slope * x) ** 2) / spread;
  return { ...row, slope, offset: meanY - slope * meanX, r2 };
}
