/** Spreads and bounds, and how they are printed. */
import console from 'node:console';
import { median } from './median.mjs';

/**
 * `median (min..max) unit`.
 *
 * @param {readonly number[]} values
 * @param {number} digits behind the point
 * @param {string} [unit]
 */
export function spread(values, digits, unit = '') {
  const [middle, least, most] = [median(values), Math.min(...values), Math.max(...values)].map((value) =>
    value.toFixed(digits),
  );
  return `${middle} (${least}..${most})${unit === '' ? '' : ` ${unit}`}`;
}

/**
 * One line for a figure that has to reach a bound.
 *
 * @param {string} name
 * @param {readonly number[]} values one per pair of runs
 * @param {{ digits: number, unit?: string, required: number, goal?: number,
 * better: 'higher' | 'lower' }} bound
 */
export function printBound(name, values, { digits, unit = '', required, goal, better }) {
  const value = median(values);
  const reaches = (/** @type {number} */ limit) => (better === 'higher' ? value >= limit : value <= limit);
  const sign = better === 'higher' ? '≥' : '≤';
  const verdict = reaches(required)
    ? goal !== undefined && reaches(goal)
      ? 'goal reached'
      : 'reached'
    : 'MISSED';
  const aim = goal === undefined ? '' : `, goal ${sign} ${goal}`;
  printLine(name, `${spread(values, digits, unit)}   required ${sign} ${required}${aim}: ${verdict}`);
}

/**
 * @param {string} name
 * @param {string} text
 */
export function printLine(name, text) {
  console.log(`  ${name.padEnd(44)} ${text}`);
}
