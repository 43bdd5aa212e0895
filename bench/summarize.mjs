/** @param {readonly number[]} values @returns {import('./report-format.ts').Summary} */
export function summarize(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (/** @type {number} */ share) => {
    const place = share * (sorted.length - 1);
    const below = sorted[Math.floor(place)] ?? NaN;
    return below + (place % 1) * ((sorted[Math.ceil(place)] ?? NaN) - below);
  };
  return { n: sorted.length, median: at(0.5), p10: at(0.1), p90: at(0.9) };
}
