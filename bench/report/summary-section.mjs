/** How this project stands against each peer, and where it loses. */
import { text } from './escape.mjs';
import { boundMark } from './marks.mjs';
import { numberText, spreadText } from './number-text.mjs';
import { ratioPlot, ratioTable, rowName } from './ratio-table.mjs';
import { tableHtml } from './table.mjs';
import { median } from '../median.mjs';

/** @typedef {import('./verdict.mjs').RatedRatio} RatedRatio */
/** @typedef {import('./verdict.mjs').RatedSeries} RatedSeries */
/** @typedef {import('./page-section.mjs').Section} Section */

/** Counts as `3 of 5`. @param {readonly (boolean | undefined)[]} marks */
function reachedText(marks) {
  const asked = marks.filter((mark) => mark !== undefined);
  return `${asked.filter(Boolean).length} of ${asked.length}`;
}

/** @param {readonly RatedRatio[]} rows @returns {[string, RatedRatio[]][]} peers with the best on top */
function byPeer(rows) {
  /** @type {Map<string, RatedRatio[]>} */
  const peers = new Map();
  for (const row of rows)
    if (row.peer !== undefined) peers.set(row.peer, [...(peers.get(row.peer) ?? []), row]);
  return [...peers];
}

/**
 * @param {readonly RatedRatio[]} rows best to worst
 * @param {readonly RatedSeries[]} asked rows of which something is asked themselves
 * @param {import('./anchor-ids.mjs').AnchorIds} ids
 * @returns {Section}
 */
export function summarySection(rows, asked, ids) {
  const against = rows.filter(({ peer }) => peer !== undefined);
  const own = rows.filter(({ peer }) => peer === undefined);
  // Against itself the plot has only what is asked for: the rest says little side by side.
  const plotted = own.filter(({ required, goal }) => required !== undefined || goal !== undefined);
  const bounds = [...rows, ...asked];
  const count = (/** @type {RatedRatio['standing']} */ standing) =>
    against.filter((row) => row.standing === standing).length;
  const peers = byPeer(against);
  const overview = tableHtml({
    caption: 'Peers, by our best ratio',
    titles: ['peer', '+ratios', '+best', '+middle', '+worst', '+ahead', '+even', '+behind'],
    rows: peers.map(([peer, ratios]) => {
      const medians = ratios.map(({ ratio }) => ratio.summary.median);
      const standing = (/** @type {string} */ name) =>
        String(ratios.filter((row) => row.standing === name).length);
      return [
        text(peer),
        String(ratios.length),
        `${numberText(Math.max(...medians))}×`,
        `${numberText(median(medians))}×`,
        `${numberText(Math.min(...medians))}×`,
        ...['ahead', 'even', 'behind'].map(standing),
      ];
    }),
  });
  const lead = `<p>A ratio is measured in pairs of runs, in turn; above 1 this project is better (faster or smaller). Against peers it is
ahead in <strong>${count('ahead')}</strong> of ${against.length}, even in <strong>${count('even')}</strong> (10th and 90th percentile on both sides of 1) and behind in
<strong>${count('behind')}</strong>. Required bounds reached: <strong>${reachedText(bounds.map((row) => row.required))}</strong>; goals reached: <strong>${reachedText(bounds.map((row) => row.goal))}</strong>.</p>`;
  return {
    title: 'Summary',
    html: rows.length === 0 ? '<p>No ratios were measured.</p>' : lead + (peers.length > 0 ? overview : ''),
    parts: [
      ...peers.map(([peer, ratios]) => ratioPart(`Against ${peer}`, ratios, ids)),
      ...(own.length === 0
        ? []
        : [ratioPart('This project against itself and the machine', own, ids, plotted)]),
    ],
  };
}

/**
 * @param {string} title
 * @param {readonly RatedRatio[]} rows
 * @param {import('./anchor-ids.mjs').AnchorIds} ids
 * @param {readonly RatedRatio[]} [plotted]
 */
const ratioPart = (title, rows, ids, plotted = rows) => ({
  title,
  html: ratioPlot(ids.next(`plot ${title}`), title, plotted) + ratioTable(title, rows, { isFolded: true }),
});

/** @param {RatedRatio | RatedSeries} rated */
const missesBound = ({ required, goal }) => required === false || goal === false;

/** @param {readonly RatedSeries[]} rows */
const missedRows = (rows) =>
  tableHtml({
    caption: 'Bounds missed by rows themselves',
    titles: ['row', 'in', '+median', '+p10 to p90', '+rounds', 'required', 'goal'],
    rows: rows.map(({ series, summary, browser, required, goal }) => {
      const sign = series.better === 'higher' ? '≥' : '≤';
      return [
        text(rowName(series)),
        text(browser),
        `<strong>${numberText(summary.median)} ${text(series.unit)}</strong>`,
        spreadText(summary),
        String(summary.n),
        boundMark(required, series.required, sign),
        boundMark(goal, series.goal, sign),
      ];
    }),
  });

/**
 * @param {readonly RatedRatio[]} rows best to worst
 * @param {readonly RatedSeries[]} asked rows of which something is asked themselves
 * @returns {Section}
 */
export function lossSection(rows, asked) {
  const below = rows.filter(({ ratio, peer }) => peer !== undefined && ratio.summary.median < 1).reverse();
  const missed = rows.filter(missesBound).reverse();
  const missedAsked = asked.filter(missesBound);
  return {
    title: 'Where we lose',
    html: [
      below.length === 0
        ? '<p>No ratio against a peer is below 1.</p>'
        : `<p>${below.length} of ${rows.filter(({ peer }) => peer !== undefined).length} ratios against peers are below 1, the worst first.</p>${ratioTable('Ratios below 1', below)}`,
      missed.length + missedAsked.length === 0
        ? `<p>${[...rows, ...asked].some(({ required }) => required !== undefined) ? 'No bound is missed.' : 'No bounds were asked of what was measured.'}</p>`
        : '',
      missed.length === 0
        ? ''
        : `<p>${missed.length} of ${rows.length} ratios miss a bound.</p>${ratioTable('Bounds missed', missed)}`,
      missedAsked.length === 0
        ? ''
        : `<p>${missedAsked.length} of ${asked.length} rows with a bound of their own miss it.</p>${missedRows(missedAsked)}`,
    ].join('\n'),
  };
}
