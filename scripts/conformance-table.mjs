/** What the conformance suite found, gathered by filter, pixel format and backend. */

/**
 * One case: see e2e/conformance/record.ts.
 *
 * @typedef {{ title: string, rows: readonly string[], filter: string, format?: string, backend?:
 *   string, reference: string, samples?: number, identical?: number, largest?: number, passed:
 *   boolean, note?: string }} Result
 * @typedef {{ filter: string, format: string, backend: string, reference: string, cases: number, failed:
 *   number, samples: number, identical: number, largest: number }} Line
 */

/**
 * @param {readonly Result[]} results
 * @returns {Line[]} in order of filter, reference, format and backend
 */
export function tableOf(results) {
  /** @type {Map<string, Line>} */
  const lines = new Map();
  for (const result of results) {
    const { filter, format = '', backend = '', reference } = result;
    const key = [filter, reference, format, backend].join(' ');
    const line = lines.get(key) ?? {
      ...{ filter, format, backend, reference },
      ...{ cases: 0, failed: 0, samples: 0, identical: 0, largest: 0 },
    };
    line.cases += 1;
    line.failed += result.passed ? 0 : 1;
    line.samples += result.samples ?? 0;
    line.identical += result.identical ?? 0;
    line.largest = Math.max(line.largest, result.largest ?? 0);
    lines.set(key, line);
  }
  return [...lines.keys()].sort().map((key) => /** @type {Line} */ (lines.get(key)));
}

/**
 * @param {Pick<Line, 'samples' | 'identical'>} line share of identical samples,
 * never rounded up to all of them
 */
export function shareText({ samples, identical }) {
  if (samples === 0) return '–';
  return identical === samples
    ? '100 %'
    : `${(Math.floor((identical / samples) * 10000) / 100).toFixed(2)} %`;
}

/** @param {Pick<Line, 'samples' | 'largest' | 'format'>} line levels of 255, or floats of grayf32 */
export function differenceText({ samples, largest, format }) {
  if (samples === 0) return '–';
  if (largest === 0) return '0';
  return format === 'grayf32le' ? largest.toExponential(1) : String(largest);
}
