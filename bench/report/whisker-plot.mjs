/** Median, spread and every single value of some rows, on one scale. */
import { axisOf } from './axis.mjs';
import { text } from './escape.mjs';
import { gridFoot, percent, svgPlot, verticalGrid } from './svg-plot.mjs';
import { wrapWords } from './wrap-words.mjs';

/**
 * @typedef {object} WhiskerRow
 * @property {string} label
 * @property {string} value the median in words
 * @property {boolean} isOurs
 * @property {readonly number[]} values
 * @property {import('../report-format.ts').Summary | undefined} summary
 * @property {readonly { value: number, name: string }[]} [marks] bounds
 */

/**
 * What is asked of a row or a ratio, as marks.
 *
 * @param {{ required?: number, goal?: number }} asked
 */
export const boundsOf = ({ required, goal }) => [
  ...(required === undefined ? [] : [{ value: required, name: 'required' }]),
  ...(goal === undefined ? [] : [{ value: goal, name: 'goal' }]),
];

/** Characters that fit beside each other at the width of a phone. */
const lineWidth = 42;
const lineHeight = 16;
const bandHeight = 18;

/**
 * @param {object} plot
 * @param {string} plot.id
 * @param {string} plot.title
 * @param {string} plot.unit
 * @param {string} [plot.caption]
 * @param {readonly WhiskerRow[]} plot.rows
 * @param {{ at: number, text: string }} [plot.border] a value that parts good from bad; the
 * scale is logarithmic around it
 * @returns {string} nothing where there are fewer than two rows with values
 */
export function whiskerPlot({ id, title, unit, rows, border, caption = '' }) {
  const drawn = rows.filter(({ summary }) => summary !== undefined);
  if (drawn.length < (border === undefined ? 2 : 1)) return '';
  const marks = drawn.flatMap((row) => (row.marks ?? []).map(({ value }) => value));
  const axis = axisOf(
    [...drawn.flatMap(({ values }) => values), ...marks, ...(border === undefined ? [] : [border.at])],
    border === undefined ? {} : { kind: 'log' },
  );
  const top = border === undefined ? 4 : 18;
  let y = top;
  const parts = drawn.map((row) => {
    const { height, svg } = rowSvg(row, y, axis);
    y += height;
    return svg;
  });
  const line =
    border === undefined
      ? ''
      : `<line class="border" x1="${percent(axis.at(border.at))}" x2="${percent(axis.at(border.at))}" y1="${top}" y2="${y}"/><text class="tick" x="${percent(axis.at(border.at))}" y="12" text-anchor="${axis.at(border.at) > 60 ? 'end' : axis.at(border.at) < 40 ? 'start' : 'middle'}">${text(border.text)}</text>`;
  const both = drawn.some(({ isOurs }) => isOurs) && drawn.some(({ isOurs }) => !isOurs);
  return svgPlot({
    id,
    title,
    caption: [
      'Large dot: median; line: 10th to 90th percentile; small dots: single values.',
      ...(both ? ['Filled: this project.'] : []),
      ...(marks.length > 0 ? ['Bar across: what is required; double bar: the goal.'] : []),
      caption,
    ].join(' '),
    description: drawn.map(({ label, value }) => `${label}: ${value}`).join('; '),
    height: y + gridFoot,
    body: `${verticalGrid(axis, { top, bottom: y, unit })}${line}\n${parts.join('\n')}`,
  });
}

/** @param {WhiskerRow} row @param {number} top @param {import('./axis.mjs').Axis} axis */
function rowSvg({ label, value, isOurs, values, summary, marks = [] }, top, axis) {
  const lines = wrapWords(label, Math.max(16, lineWidth - value.length));
  const { median = 0, p10 = 0, p90 = 0 } = summary ?? {};
  const words = lines.map((line, index) => `<text y="${top + lineHeight * index + 12}">${text(line)}</text>`);
  const y = top + lineHeight * lines.length + 8;
  const kind = isOurs ? 'ours' : 'theirs';
  const place = (/** @type {number} */ one) => percent(axis.at(one));
  const dots = values
    .filter(Number.isFinite)
    .map((one) => `<circle class="single" cx="${place(one)}" cy="${y}" r="2"/>`);
  const bounds = marks.flatMap(({ value: one, name }) =>
    (name === 'goal' ? [-2, 2] : [0]).map(
      (shift) =>
        `<line class="bound" x1="${place(one)}" x2="${place(one)}" y1="${y - 7}" y2="${y + 7}" transform="translate(${shift})"/>`,
    ),
  );
  const svg = `<g class="${kind}">${words.join('')}<text class="value" x="100%" y="${top + 12}" text-anchor="end">${text(value)}</text>${dots.join('')}<line class="whisker" x1="${place(p10)}" x2="${place(p90)}" y1="${y}" y2="${y}"/>${bounds.join('')}<circle class="median" cx="${place(median)}" cy="${y}" r="5"><title>${text(`${label}: ${value}`)}</title></circle></g>`;
  return { height: lineHeight * lines.length + bandHeight + 4, svg };
}
