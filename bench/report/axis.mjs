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
 * @param {{ kind?: 'auto' | 'linear' | 'log', count?: number }} [options] logarithmic only where all are above 0; count of
 *   ticks, about
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

/**
 * Like the numbers on coins: a decade has three of them.
 *
 * @param {number} value
 * @param {'floor' | 'ceil'} side
 */
function coin(value, side) {
  const decade = 10 ** Math.floor(Math.log10(value));
  const steps = [1, 2, 5, 10].map((step) => step * decade);
  const below = steps.filter((step) => step <= value).at(-1) ?? value;
  return side === 'floor' ? below : (steps.find((step) => step >= value) ?? value);
}

/**
 * @param {number} least above 0
 * @param {number} most
 * @param {number} count
 * @returns {Axis}
 */
function logAxis(least, most, count) {
  const isShort = most / least <= 10;
  const pad = least === most ? 2 : 1.1;
  const scale = scaleLog()
    .domain(isShort ? [least / pad, most * pad] : [coin(least, 'floor'), coin(most, 'ceil')])
    .range([0, 100]);
  const { from, to } = ends(scale);
  const leading = to / from > 2000 ? ['1'] : ['1', '2', '5'];
  const all = scale.ticks(isShort ? count : 100);
  const round = isShort ? all : all.filter((value) => leading.includes(value.toExponential().charAt(0)));
  const step = Math.ceil(round.length / (2 * count));
  return {
    isLog: true,
    ...ends(scale),
    ticks: ticksOf(
      round.filter((_, index) => index % step === 0),
      scale,
    ),
  };
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
