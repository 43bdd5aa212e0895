/** The summary of measured values. */

/**
 * Median, 10th and 90th percentile, by linear interpolation between the values in order.
 *
 * @param {readonly number[]} values at least one, finite
 * @returns {import('./report-format.ts').Summary}
 * @throws {RangeError} for no values, or one that is not finite: it would hide in a median
 */
export function summarize(values) {
  if (values.length === 0 || !values.every(Number.isFinite))
    throw new RangeError(`[${values.join(', ')}]: finite values are expected, at least one.`);
  const sorted = [...values].sort((a, b) => a - b);
  const at = (/** @type {number} */ share) => {
    const place = share * (sorted.length - 1);
    const below = /** @type {number} */ (sorted[Math.floor(place)]);
    const above = /** @type {number} */ (sorted[Math.ceil(place)]);
    return below + (place % 1) * (above - below);
  };
  return { n: sorted.length, median: at(0.5), p10: at(0.1), p90: at(0.9) };
}
