/**
 * What more workers bring: values against their number, and where one worker's value
 * would go if nothing were lost.
 */
import { axisOf } from './axis.mjs';
import { text } from './escape.mjs';
import { numberText } from './number-text.mjs';
import { percent } from './svg-plot.mjs';
import { polyline, xyPlot, yAt } from './xy-frame.mjs';

/** @typedef {import('../report-format.ts').Series} Series */

/**
 * Rows that differ in nothing but the number of workers.
 * @param {readonly Series[]} series
 * @returns {Series[][]}
 */
export function workerRuns(series) {
  /** @type {Map<string, Series[]>} */
  const runs = new Map();
  for (const one of series) {
    const { workers, ...others } = one.params;
    if (typeof workers !== 'number' || one.summary === undefined) continue;
    const key = JSON.stringify([one.unit, one.better, Object.entries(others).sort()]);
    runs.set(key, [...(runs.get(key) ?? []), one]);
  }
  return [...runs.values()].filter((run) => new Set(run.map(({ params }) => params['workers'])).size > 1);
}

/** @param {readonly Series[]} run one of `workerRuns` @param {string} id @param {string} title */
export function workersPlot(run, id, title) {
  const points = run
    .map(({ params, summary, label }) => ({
      x: Number(params['workers']),
      y: summary?.median ?? NaN,
      summary,
      label,
    }))
    .sort((a, b) => a.x - b.x);
  const [first] = points;
  const { unit = '', better = 'lower' } = run[0] ?? {};
  if (first === undefined) return '';
  const ideal = (/** @type {number} */ x) =>
    better === 'higher' ? (first.y * x) / first.x : (first.y * first.x) / x;
  const most = points.at(-1)?.x ?? first.x;
  const x = axisOf(
    points.map((point) => point.x),
    { kind: 'linear', count: most },
  );
  const y = axisOf(
    points.flatMap((point) => [point.y, ideal(point.x)]),
    { kind: 'linear' },
  );
  const steps = Array.from({ length: 25 }, (_, index) => first.x + ((most - first.x) * index) / 24);
  const dots = points.map(
    (point) =>
      `<circle class="median" cx="${percent(x.at(point.x))}" cy="${yAt(y, point.y)}" r="4.5"><title>${text(`${point.label}: ${numberText(point.y)} ${unit}`)}</title></circle>`,
  );
  return xyPlot({
    id,
    title: `${title}: against workers`,
    caption:
      'The same against the number of workers. Dots: medians. Dashed: the first value times (or divided by) the number of workers.',
    description: points.map((point) => `${point.x} workers: ${numberText(point.y)} ${unit}`).join('; '),
    x,
    y,
    xLabel: 'workers',
    yLabel: unit,
    body: `${polyline(
      'ideal',
      steps.map((step) => /** @type {const} */ ([step, ideal(step)])),
      x,
      y,
    )}${polyline(
      'line',
      points.map((point) => /** @type {const} */ ([point.x, point.y])),
      x,
      y,
    )}<g class="ours">${dots.join('')}</g>`,
  });
}
