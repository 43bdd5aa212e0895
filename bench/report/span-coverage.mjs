/**
 * How much of each of many equal pieces of time some spans cover. Thousands of spans become a picture of
 * bounded size, in which short waits between short spans still show, as less than full height.
 *
 * @param {readonly { readonly start: number, readonly end: number }[]} spans in any order; where
 *   they overlap, time counts once
 * @param {{ from: number, to: number, columns: number }} window
 * @returns {number[]} 0..1 for each column
 */
export function spanCoverage(spans, { from, to, columns }) {
  const covered = new Float64Array(columns);
  const width = (to - from) / columns;
  for (const { start, end } of disjoint(spans)) {
    const first = Math.max(0, Math.floor((start - from) / width));
    const last = Math.min(columns - 1, Math.floor((end - from) / width));
    for (let column = first; column <= last; column++) {
      const left = from + column * width;
      const inside = Math.max(0, Math.min(end, left + width) - Math.max(start, left));
      covered[column] = (covered[column] ?? 0) + inside / width;
    }
  }
  return Array.from(covered, (share) => Math.min(1, share));
}

/**
 * The spans without their overlaps, ascending.
 *
 * @param {readonly { readonly start: number, readonly end: number }[]} spans
 */
export function disjoint(spans) {
  /** @type {{ start: number, end: number }[]} */
  const merged = [];
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else if (end > start) merged.push({ start, end });
  }
  return merged;
}

/**
 * Neighbours of the same height, as one rectangle.
 *
 * @param {readonly number[]} coverage
 * @param {number} levels heights that are told apart, beside none
 * @returns {{ column: number, columns: number, level: number }[]} without those of height 0
 */
export function coverageRects(coverage, levels) {
  /** @type {{ column: number, columns: number, level: number }[]} */
  const rects = [];
  coverage.forEach((share, column) => {
    // Any work shows.
    const level = share <= 0 ? 0 : Math.max(1, Math.round(share * levels));
    const last = rects.at(-1);
    if (last !== undefined && last.level === level && last.column + last.columns === column) last.columns++;
    else if (level > 0) rects.push({ column, columns: 1, level });
  });
  return rects;
}
