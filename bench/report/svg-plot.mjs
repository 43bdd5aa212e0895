/**
 * A drawing whose places along are percent of its width: it fills whatever width there is,
 * and its letters keep their size.
 */
import { text } from './escape.mjs';

/** @param {number} part 0..100 */
export const percent = (part) => `${Number(part.toFixed(2))}%`;

/** A label at such a place stays inside the drawing. @param {number} part 0..100 */
export const anchorAt = (part) => (part < 6 ? 'start' : part > 94 ? 'end' : 'middle');

/** The width in CSS pixels of the narrowest plots: what is apart there is apart everywhere. */
export const narrowWidth = { rows: 290, xy: 220 };

/** Of the digits of a tick, about, in CSS pixels. */
const digitWidth = 7;

/**
 * Which labels of ticks have room beside those before them.
 *
 * @param {readonly { at: number, label: string }[]} ticks ascending
 * @param {number} narrow width of the plot, in CSS pixels
 * @returns {boolean[]}
 */
function roomFor(ticks, narrow) {
  let end = -Infinity;
  return ticks.map(({ at, label }) => {
    const width = label.length * digitWidth;
    const shift = { start: 0, middle: width / 2, end: width }[anchorAt(at)];
    const left = (at * narrow) / 100 - shift;
    if (left < end + digitWidth) return false;
    end = left + width;
    return true;
  });
}

/**
 * @param {object} plot
 * @param {string} plot.id unique on the page
 * @param {string} plot.title of the picture; the reader has it from the heading above
 * @param {string} plot.description what is seen in it, for those who do not see it
 * @param {string} plot.caption how to read it
 * @param {number} plot.height in CSS pixels
 * @param {string} plot.body SVG
 * @param {'rows' | 'xy'} [plot.kind] whether there is room for labels left of it
 */
export function svgPlot({ id, title, description, caption, height, body, kind = 'rows' }) {
  return `<figure><figcaption>${text(caption)}</figcaption>
<svg class="plot ${kind}" role="img" aria-labelledby="${id}-title" aria-describedby="${id}-desc" width="100%" height="${height}">
<title id="${id}-title">${text(title)}</title><desc id="${id}-desc">${text(description)}</desc>
${body}
</svg></figure>`;
}

/**
 * Lines across all rows of a plot, and what they stand for below them.
 *
 * @param {import('./axis.mjs').Axis} axis
 * @param {{ top: number, bottom: number, unit: string, kind?: 'rows' | 'xy' }} place
 */
export function verticalGrid(axis, { top, bottom, unit, kind = 'rows' }) {
  const room = roomFor(axis.ticks, narrowWidth[kind]);
  const lines = axis.ticks.map(({ at, label }, index) => {
    const x = percent(at);
    const words = room[index]
      ? `<text class="tick" x="${x}" y="${bottom + 14}" text-anchor="${anchorAt(at)}">${text(label)}</text>`
      : '';
    return `<line class="grid" x1="${x}" x2="${x}" y1="${top}" y2="${bottom}"/>${words}`;
  });
  const scale = axis.isLog ? `${unit} (log scale)` : unit;
  return `${lines.join('')}<text class="tick" x="50%" y="${bottom + 30}" text-anchor="middle">${text(scale)}</text>`;
}

/** Below the bottom of a grid: ticks and the unit. */
export const gridFoot = 36;
