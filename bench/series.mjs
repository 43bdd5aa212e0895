/** Makes rows of the report out of measured values. */
import { summarize } from './summarize.mjs';

/** @typedef {import('./report-format.ts').Series} Series */
/** @typedef {import('./report-format.ts').Ratio} Ratio */

/**
 * A row; one without values needs `absent`.
 *
 * @param {Omit<Series, 'summary' | 'better' | 'params' | 'values'> & Partial<Pick<Series,
 * 'better' | 'params' | 'values'>>} row
 * @returns {Series}
 */
export function seriesOf({ better = 'lower', params = {}, values = [], absent, ...row }) {
  if (values.length > 0) return { ...row, better, params, values, summary: summarize(values) };
  return { ...row, better, params, values, absent: absent ?? 'was not measured' };
}

/**
 * How many times as good one row is as another that was measured in turn with it: what
 * is better follows the first row.
 *
 * @param {Series} ours
 * @param {Series} theirs
 * @param {{ id: string, label: string, group: string, against?: Ratio['against'],
 * required?: number, goal?: number }} row
 * @returns {Ratio[]} none where one of the two has no values
 */
export function ratioOf(ours, theirs, { against = 'peer', ...row }) {
  const rounds = Math.min(ours.values.length, theirs.values.length);
  if (rounds === 0) return [];
  const values = Array.from({ length: rounds }, (_, round) => {
    const [own, other] = [ours.values[round] ?? NaN, theirs.values[round] ?? NaN];
    return ours.better === 'higher' ? own / other : other / own;
  });
  return [{ ...row, against, ours: ours.id, theirs: theirs.id, values, summary: summarize(values) }];
}
