/** The page of the conformance suite: one file, without anything fetched. */
import { differenceText, shareText } from './conformance-table.mjs';

/**
 * @typedef {{ rows: readonly string[], explained: Record<string, string>, missing: readonly string[],
 *   bugs: Record<string, { where: string, ffmpeg: string, here: string }> }} Coverage
 */

const style = `
:root { color-scheme: light dark; --line: #8884; --bad: #c62828; --good: #2e7d32 }
@media (prefers-color-scheme: dark) { :root { --bad: #ff8a80; --good: #a5d6a7 } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 0 auto; padding: 1rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.2rem; margin-top: 2rem }
.wide { overflow-x: auto }
table { border-collapse: collapse; font-size: .875rem; min-width: 100% }
th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
code { font-size: .8125rem; overflow-wrap: anywhere } summary { cursor: pointer; padding: .4rem 0 }
.bad { color: var(--bad) } .good { color: var(--good) }
`;

/** @param {unknown} value */
const text = (value) => String(value ?? '').replace(/[&<>"]/g, (sign) => `&#${sign.codePointAt(0)};`);

/**
 * @param {readonly string[]} titles those with a leading + hold numbers
 * @param {readonly (readonly string[])[]} rows cells as HTML
 */
function tableHtml(titles, rows) {
  const kind = titles.map((title) => (title.startsWith('+') ? ' class="n"' : ''));
  const head = titles.map((title, at) => `<th${kind[at]}>${text(title.replace(/^\+/, ''))}</th>`).join('');
  const body = rows
    .map((row) => `<tr>${row.map((cell, at) => `<td${kind[at]}>${cell}</td>`).join('')}</tr>`)
    .join('\n');
  return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table></div>`;
}

/** @param {boolean} passed */
const mark = (passed) => (passed ? '<span class="good">same</span>' : '<span class="bad">differs</span>');

/**
 * @param {Record<string, import('./conformance-table.mjs').Result[]>} groups
 * @param {readonly import('./conformance-table.mjs').Line[]} table
 * @param {Coverage} coverage
 */
export function conformancePage(groups, table, { rows, explained, missing, bugs }) {
  const all = Object.values(groups).flat();
  const failed = all.filter(({ passed }) => !passed).length;
  const reasons = Object.entries(explained);
  const summary = `${all.length} cases, ${failed === 0 ? 'all as they must be' : `${failed} not as they must be`}. Of ${rows.length} rows (options and their words, pixel formats, layers and modes, errors, detection forms, faults of FFmpeg) ${rows.length - reasons.length - missing.length} have a case.`;
  const pictures = tableHtml(
    [
      'filter',
      'format',
      'backend',
      'compared with',
      '+cases',
      '+failed',
      '+identical',
      '+largest difference',
    ],
    table.map((line) => [
      ...[line.filter, line.format, line.backend, line.reference].map(text),
      String(line.cases),
      line.failed === 0 ? '0' : `<span class="bad">${line.failed}</span>`,
      shareText(line),
      differenceText(line),
    ]),
  );
  const cases = Object.entries(groups).map(([group, results]) => {
    const wrong = results.filter(({ passed }) => !passed).length;
    const body = tableHtml(
      ['', 'case', 'filter', 'format', 'backend', '+identical', '+largest', 'rows', 'note'],
      results.map((one) => {
        const { format = '', samples = 0, identical = 0, largest = 0 } = one;
        const cells = [one.filter, format, one.backend].map(text);
        const figures = [shareText({ samples, identical }), differenceText({ samples, largest, format })];
        const ids = `<code>${text(one.rows.join(' '))}</code>`;
        return [mark(one.passed), text(one.title), ...cells, ...figures, ids, text(one.note)];
      }),
    );
    const count = `${results.length} cases${wrong === 0 ? '' : `, <span class="bad">${wrong} differ</span>`}`;
    return `<details${wrong === 0 ? '' : ' open'}><summary>${text(group)}: ${count}</summary>${body}</details>`;
  });
  const faults = tableHtml(
    ['id', 'where', 'what FFmpeg does', 'what is done here'],
    Object.entries(bugs).map(([id, bug]) => [
      `<code>${text(id)}</code>`,
      ...[bug.where, bug.ffmpeg, bug.here].map(text),
    ]),
  );
  const uncovered = tableHtml(
    ['row', 'reason'],
    [...reasons, ...missing.map((row) => [row, 'none: a case is missing'])].map(([row, reason]) => [
      `<code>${text(row)}</code>`,
      text(reason),
    ]),
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Conformance with FFmpeg's DNN filters</title>
<style>${style}</style>
<h1>Conformance with FFmpeg's DNN filters</h1>
<p>${text(summary)}</p>
<p>“stock ffmpeg” is the filter that @ffmpeg/core has itself, run on the same frames in the same tab; “by hand” are values that
follow from the model's arithmetic. Differences are in levels of 255, of grayf32le in floats.</p>
<h2>Filter, format, backend</h2>
${pictures}
<h2>Faults of FFmpeg, and what is done here</h2>
${faults}
<h2>Rows without a case</h2>
${reasons.length + missing.length === 0 ? '<p>None.</p>' : uncovered}
<h2>Every case</h2>
${cases.join('\n')}
</html>
`;
}
