/** Cost against size, with the straight line through it and what is beside the line. */
import { axisOf } from './axis.mjs';
import { text } from './escape.mjs';
import { numberText, quantityText } from './number-text.mjs';
import { percent } from './svg-plot.mjs';
import { tableHtml } from './table.mjs';
import { polyline, xyPlot, yAt } from './xy-frame.mjs';

/** @typedef {import('../report-format.ts').Fit} Fit */

/** `0.41 µs per pixel + 1.2 ms` @param {Fit} fit */
export function slopeText({ slope, offset, x, y }) {
  const one = (x.unit === '' ? x.label : x.unit).replace(/^([a-z]{2,})s\b/, '$1');
  const sign = offset < 0 ? '−' : '+';
  return `${quantityText(slope, y.unit)} per ${one} ${sign} ${quantityText(Math.abs(offset), y.unit)}`;
}

/** @param {{ label: string, unit: string }} axis */
const axisText = ({ label, unit }) => (unit === '' ? label : `${label} (${unit})`);

/** @param {Fit} fit @param {string} id */
export function fitPlot(fit, id) {
  const { label, points, slope, offset, r2 } = fit;
  const line = (/** @type {number} */ x) => slope * x + offset;
  const ends = points.map(({ x }) => x);
  const x = axisOf(ends, { kind: 'linear', count: 4 });
  const y = axisOf(
    points.flatMap((point) => [point.y, line(point.x)]),
    { kind: 'linear' },
  );
  const sizes = [Math.min(...ends), Math.max(...ends)].filter(Number.isFinite);
  const dots = points.map(
    (point) =>
      `<circle class="median" cx="${percent(x.at(point.x))}" cy="${yAt(y, point.y)}" r="4.5"><title>${text(`${point.label ?? numberText(point.x)}: ${numberText(point.y)} ${fit.y.unit}`)}</title></circle>`,
  );
  // r² near 1 differs in the digits behind the nines.
  const quality =
    points.length < 3 ? 'two points, so any line fits' : `r² = ${r2.toFixed(r2 > 0.99 ? 5 : 3)}`;
  const plot = xyPlot({
    id,
    title: label,
    caption: `${slopeText(fit)}; ${quality}.`,
    description: points
      .map((point) => `${point.label ?? numberText(point.x)}: ${numberText(point.y)} ${fit.y.unit}`)
      .join('; '),
    x,
    y,
    xLabel: axisText(fit.x),
    yLabel: axisText(fit.y),
    body: `${polyline(
      'line',
      sizes.map((size) => /** @type {const} */ ([size, line(size)])),
      x,
      y,
    )}<g class="ours">${dots.join('')}</g>`,
  });
  const table = tableHtml({
    caption: `${label}: points and line`,
    titles: ['point', `+${axisText(fit.x)}`, `+${axisText(fit.y)}`, '+on the line', '+beside the line'],
    rows: points.map((point) => {
      const beside = (100 * (point.y - line(point.x))) / line(point.x);
      return [
        text(point.label ?? numberText(point.x)),
        point.x.toLocaleString('en-US'),
        numberText(point.y),
        numberText(line(point.x)),
        Number.isFinite(beside) ? `${beside < 0 ? '−' : '+'}${Math.abs(beside).toFixed(1)} %` : '–',
      ];
    }),
  });
  return plot + table;
}
