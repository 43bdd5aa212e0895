/** Tables that scroll inside their own box where they are too wide. */
import { text } from './escape.mjs';

/**
 * @param {object} table
 * @param {string} table.caption
 * @param {readonly string[]} table.titles those with a leading + hold numbers
 * @param {readonly (readonly string[])[]} table.rows cells as HTML; the first one heads its row
 */
export function tableHtml({ caption, titles, rows }) {
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
  return `<div class="wide" tabindex="0" role="region" aria-label="${text(caption)}"><table><caption>${text(caption)}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body}
</tbody></table></div>`;
}
