/** Grid and axes of a plot with values in both directions. */
import { text } from './escape.mjs';
import { percent, svgPlot, verticalGrid, gridFoot } from './svg-plot.mjs';

export const xyHeight = 260;
const top = 26;

/**
 * @param {import('./axis.mjs').Axis} axis of y
 * @param {number} value
 * @returns {number} CSS pixels from the top
 */
export const yAt = (axis, value) => Number((top + xyHeight - (axis.at(value) / 100) * xyHeight).toFixed(1));

/**
 * @param {object} plot
 * @param {string} plot.id
 * @param {string} plot.title
 * @param {string} plot.caption
 * @param {string} plot.description
 * @param {import('./axis.mjs').Axis} plot.x
 * @param {import('./axis.mjs').Axis} plot.y
 * @param {string} plot.xLabel
 * @param {string} plot.yLabel
 * @param {string} plot.body
 */
export function xyPlot({ x, y, xLabel, yLabel, body, ...rest }) {
  const lines = y.ticks.map(({ value, label }) => {
    const at = yAt(y, value);
    return `<line class="grid" x1="0" x2="100%" y1="${at}" y2="${at}"/><text class="tick" x="-6" y="${at + 4}" text-anchor="end">${text(label)}</text>`;
  });
  const bottom = top + xyHeight;
  const yScale = y.isLog ? `${yLabel} (log scale)` : yLabel;
  return svgPlot({
    ...rest,
    kind: 'xy',
    height: bottom + gridFoot,
    body: `${verticalGrid(x, { top, bottom, unit: xLabel, kind: 'xy' })}${lines.join('')}<text class="tick" x="-50" y="12">${text(yScale)}</text>\n${body}`,
  });
}

/**
 * A line through points, in pieces: a path would need a width.
 *
 * @param {string} kind class
 * @param {readonly (readonly [number, number])[]} points
 * @param {import('./axis.mjs').Axis} x
 * @param {import('./axis.mjs').Axis} y
 */
export function polyline(kind, points, x, y) {
  return points
    .slice(1)
    .map(([x2, y2], index) => {
      const [x1, y1] = points[index] ?? [x2, y2];
      return `<line class="${kind}" x1="${percent(x.at(x1))}" y1="${yAt(y, y1)}" x2="${percent(x.at(x2))}" y2="${yAt(y, y2)}"/>`;
    })
    .join('');
}
