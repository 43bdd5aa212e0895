/** One benchmark: its notes, a table and a plot for each group of rows, and its other plots. */
import { absenceReason } from './absence-section.mjs';
import { text } from './escape.mjs';
import { fitPlot } from './fit-plot.mjs';
import { numberText, spreadText } from './number-text.mjs';
import { ratioTable } from './ratio-table.mjs';
import { rooflinePlot } from './roofline-plot.mjs';
import { stageTimeline } from './stage-timeline.mjs';
import { tableHtml } from './table.mjs';
import { isOurs } from './verdict.mjs';
import { boundsOf, whiskerPlot } from './whisker-plot.mjs';
import { workerRuns, workersPlot } from './workers-plot.mjs';

/** @typedef {import('../report-format.ts').BenchResult} BenchResult */
/** @typedef {import('../report-format.ts').Series} Series */
/** @typedef {import('./verdict.mjs').RatedRatio} RatedRatio */
/** @typedef {import('./anchor-ids.mjs').AnchorIds} AnchorIds */

/**
 * @param {BenchResult} result
 * @param {readonly RatedRatio[]} rated those of all results
 * @param {AnchorIds} ids
 * @returns {import('./page-section.mjs').Section}
 */
export function resultSection(result, rated, ids) {
  const { title, name, browser, seconds, notes, series, ratios, fits, timelines, roofline } = result;
  const own = rated.filter(({ ratio }) => ratios.includes(ratio));
  const groups = new Set([...series, ...ratios].map(({ group }) => group));
  const listed = notes.map((note) => `<li>${text(note)}</li>`).join('');
  return {
    title: `${title} (${browser})`,
    html: `<p class="quiet"><code>${text(name)}</code>, ${seconds.toFixed(0)} s</p>${listed === '' ? '' : `<ul class="notes">${listed}</ul>`}`,
    parts: [
      ...[...groups].map((group) => ({
        title: group,
        html: groupHtml(
          group,
          series.filter((one) => one.group === group),
          own.filter(({ ratio }) => ratio.group === group),
          ids,
        ),
      })),
      ...fits.map((fit) => ({ title: fit.label, html: fitPlot(fit, ids.next(`plot ${fit.id}`)) })),
      ...timelines.map((timeline) => ({
        title: timeline.label,
        html: stageTimeline(timeline, ids.next(`plot ${timeline.id}`)),
      })),
      ...(roofline.length === 0
        ? []
        : [
            {
              title: 'Roofline',
              html: rooflinePlot(
                roofline,
                result.memoryRate,
                ids.next(`plot ${name} roofline`),
                'Roofline of the kernels',
              ),
            },
          ]),
    ],
  };
}

/**
 * @param {string} group
 * @param {readonly Series[]} series
 * @param {readonly RatedRatio[]} ratios
 * @param {AnchorIds} ids
 */
function groupHtml(group, series, ratios, ids) {
  const units = [...new Set(series.map(({ unit }) => unit))];
  const plots = units.map((unit) => {
    const rows = series.filter((one) => one.unit === unit);
    return whiskerPlot({
      id: ids.next(`plot ${group} ${unit}`),
      title: group,
      unit: `${unit}, ${rows.every(({ better }) => better === 'higher') ? 'higher' : 'lower'} is better`,
      rows: rows.map((one) => ({
        label: one.label.startsWith(`${group}: `) ? one.label.slice(group.length + 2) : one.label,
        value: `${numberText(one.summary?.median)} ${unit}`,
        isOurs: isOurs(one),
        values: one.values,
        summary: one.summary,
        marks: boundsOf(one),
      })),
    });
  });
  const isFolded = plots.every((plot) => plot !== '');
  const workers = workerRuns(series).map((run) => workersPlot(run, ids.next(`plot ${group} workers`), group));
  return [
    ...plots,
    ...workers,
    series.length === 0 ? '' : seriesTable(group, series, { isFolded }),
    isFolded ? absentRows(series) : '',
    ratios.length === 0 ? '' : ratioTable(`${group}: ratios`, ratios, { nameOf: ({ ratio }) => ratio.label }),
  ].join('\n');
}

/** What a plot cannot show. @param {readonly Series[]} series */
function absentRows(series) {
  const absent = series.filter(({ summary }) => summary === undefined);
  if (absent.length === 0) return '';
  const words = absent.map((one) => `${one.label} (${absenceReason(one)})`);
  return `<p class="quiet">Not measured: ${text(words.join('; '))}.</p>`;
}

/** @param {string} caption @param {readonly Series[]} series @param {{ isFolded: boolean }} options */
function seriesTable(caption, series, { isFolded }) {
  return tableHtml({
    caption,
    isFolded,
    titles: ['row', 'unit', '+median', '+p10 to p90', '+n', '+first run', 'better'],
    rows: series.map(({ label, unit, summary, first, better, absent }) =>
      summary === undefined
        ? [text(label), text(unit), '–', '–', '0', '–', `not measured: ${text(absenceReason({ absent }))}`]
        : [
            text(label),
            text(unit),
            `<strong>${numberText(summary.median)}</strong>`,
            spreadText(summary),
            String(summary.n),
            numberText(first),
            better,
          ],
    ),
  });
}
