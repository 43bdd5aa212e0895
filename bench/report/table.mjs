/** Tables that scroll inside their own box where they are too wide; closed where a plot says the same. */
import { text } from './escape.mjs';

/**
 * @param {object} table
 * @param {string} table.caption
 * @param {readonly string[]} table.titles those with a leading + hold numbers
 * @param {readonly (readonly string[])[]} table.rows cells as HTML; the first one heads its row
 * @param {boolean} [table.isFolded] whether it is opened by the reader
 */
export function tableHtml({ caption, titles, rows, isFolded = false }) {
  const kinds = titles.map((title) => (title.startsWith('+') ? ' class="n"' : ''));
  const head = titles
    .map((title, at) => `<th scope="col"${kinds[at]}>${text(title.replace(/^\+/, ''))}</th>`)
    .join('');
  const body = rows
    .map((row) => {
      const cells = row.map((cell, at) =>
        at === 0 ? `<th scope="row"${kinds[at]}>${cell}</th>` : `<td${kinds[at]}>${cell}</td>`,
      );
      return `<tr>${cells.join('')}</tr>`;
    })
    .join('\n');
  // A box that scrolls has to be reached by keyboard.
  const table = `<div class="wide" tabindex="0" role="region" aria-label="${text(caption)}"><table><caption>${text(caption)}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body}
</tbody></table></div>`;
  if (!isFolded) return table;
  return `<details><summary>In figures: ${rows.length} ${rows.length === 1 ? 'row' : 'rows'}</summary>${table}</details>`;
}
