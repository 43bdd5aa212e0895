/** Where a value stands along a plot, in percent of its length, and which values are written there. */
import { scaleLinear, scaleLog } from 'd3-scale';
import { tickText } from './number-text.mjs';

/**
 * @typedef {object} Axis
 * @property {boolean} isLog
 * @property {number} from value at 0
 * @property {number} to value at 100
 * @property {(value: number) => number} at 0..100
 * @property {readonly { at: number, value: number, label: string }[]} ticks ascending
 */

/** Above this quotient of the largest and the smallest value, equal steps would hide the small ones. */
const logFrom = 20;

/**
 * @param {readonly number[]} values what has to find place; those that are not finite are left out
 * @param {{ kind?: 'auto' | 'linear' | 'log', count?: number }} [options] logarithmic only where all are
 *   above 0; count of ticks, about
 * @returns {Axis}
 */
export function axisOf(values, { kind = 'auto', count = 5 } = {}) {
  const finite = values.filter(Number.isFinite);
  const least = Math.min(...finite);
  const most = Math.max(...finite);
  const mayBeLog = finite.length > 0 && least > 0;
  if (mayBeLog && (kind === 'log' || (kind === 'auto' && most / least > logFrom)))
    return logAxis(least, most, count);
  // Costs and rates start at 0, else a small difference looks like a large one.
  const from = finite.length === 0 ? 0 : Math.min(0, least);
  const to = finite.length === 0 ? 1 : Math.max(0, most);
  const scale = scaleLinear()
    .domain(from === to ? [0, 1] : [from, to])
    .nice(count)
    .range([0, 100]);
  return { isLog: false, ...ends(scale), ticks: ticksOf(scale.ticks(count), scale) };
}

/** Within this quotient of the ends, numbers of a 1-2-5 row stand too far apart. */
const shortLog = 3;

/**
 * @param {number} least above 0
 * @param {number} most
 * @param {number} count
 * @returns {Axis}
 */
function logAxis(least, most, count) {
  if (most / least <= shortLog) {
    const pad = least === most ? 1.5 : 1.05;
    const scale = scaleLog()
      .domain([least / pad, most * pad])
      .range([0, 100]);
    return { isLog: true, ...ends(scale), ticks: ticksOf(scale.ticks(count), scale) };
  }
  const coins = coinsAround(least, most);
  const scale = scaleLog()
    .domain([coins[0] ?? least, coins.at(-1) ?? most])
    .range([0, 100]);
  const decades = coins.filter((coin) => Number.isInteger(Math.log10(coin)));
  const round = coins.length > 3 * count && decades.length > 2 ? decades : coins;
  const step = Math.ceil(round.length / (2 * count));
  const ticks = round.filter((_, index) => index % step === 0);
  return { isLog: true, ...ends(scale), ticks: ticksOf(ticks, scale) };
}

/**
 * Numbers of the row …, 1, 2, 5, 10, 20, …: from the last one below a range to the first one above it.
 *
 * @param {number} least
 * @param {number} most
 */
function coinsAround(least, most) {
  const first = Math.floor(Math.log10(least));
  const last = Math.ceil(Math.log10(most));
  // Of a power with a negative exponent the last bit may be wrong; what is read from a text is not.
  const coins = Array.from({ length: last - first + 1 }, (_, index) =>
    [1, 2, 5].map((digit) => Number(`${digit}e${first + index}`)),
  ).flat();
  const from = coins.findLastIndex((coin) => coin <= least);
  const to = coins.findIndex((coin) => coin >= most);
  return coins.slice(Math.max(0, from), to < 0 ? undefined : to + 1);
}

/** @param {import('d3-scale').ScaleContinuousNumeric<number, number>} scale */
function ends(scale) {
  const { 0: from = 0, 1: to = 1 } = scale.domain();
  return { from, to, at: (/** @type {number} */ value) => scale(value) };
}

/** @param {readonly number[]} values @param {(value: number) => number} scale */
function ticksOf(values, scale) {
  const labels = values.map(tickText);
  // Three digits do not tell close values apart.
  const exact = new Set(labels).size < labels.length;
  return values.map((value, index) => ({
    at: scale(value),
    value,
    label: exact ? String(Number(value.toPrecision(9))) : (labels[index] ?? ''),
  }));
}
