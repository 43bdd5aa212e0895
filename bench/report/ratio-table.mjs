/** Rows of ratios, as a table and as a plot around 1. */
import { text } from './escape.mjs';
import { boundMark, standingMark } from './marks.mjs';
import { numberText, spreadText } from './number-text.mjs';
import { tableHtml } from './table.mjs';
import { boundsOf, whiskerPlot } from './whisker-plot.mjs';

/** @typedef {import('./verdict.mjs').RatedRatio} RatedRatio */

/** What stands alone for a row or a ratio. @param {{ group: string, label: string }} row */
export const rowName = ({ group, label }) => (label.startsWith(group) ? label : `${group}: ${label}`);

/** @param {RatedRatio} rated */
const ratioName = ({ ratio }) => rowName(ratio);

/** @param {readonly RatedRatio[]} rows */
const areOfSeveralBrowsers = (rows) => new Set(rows.map(({ browser }) => browser)).size > 1;

/**
 * @param {string} caption
 * @param {readonly RatedRatio[]} rows
 * @param {{ nameOf?: (rated: RatedRatio) => string, isFolded?: boolean }} [options]
 */
export function ratioTable(caption, rows, { nameOf = ratioName, isFolded = false } = {}) {
  const hasSeveral = areOfSeveralBrowsers(rows);
  return tableHtml({
    caption,
    isFolded,
    titles: [
      'comparison',
      ...(hasSeveral ? ['in'] : []),
      '+ratio',
      '+p10 to p90',
      '+rounds',
      'standing',
      'required',
      'goal',
    ],
    rows: rows.map((rated) => {
      const { ratio, browser, peer, standing, required, goal } = rated;
      const { median, n } = ratio.summary;
      return [
        text(nameOf(rated)),
        ...(hasSeveral ? [text(browser)] : []),
        `<strong>${numberText(median)}×</strong>`,
        spreadText(ratio.summary),
        String(n),
        standingMark(standing, peer),
        boundMark(required, ratio.required),
        boundMark(goal, ratio.goal),
      ];
    }),
  });
}

/** @param {string} id @param {string} title @param {readonly RatedRatio[]} rows */
export function ratioPlot(id, title, rows) {
  const hasSeveral = areOfSeveralBrowsers(rows);
  return whiskerPlot({
    id,
    title,
    unit: 'times as good',
    border: {
      at: 1,
      text: rows.some(({ peer }) => peer !== undefined) ? 'behind ◂ 1 ▸ ahead' : 'less ◂ 1 ▸ more',
    },
    rows: rows.map((rated) => ({
      label: hasSeveral ? `${ratioName(rated)} (${rated.browser})` : ratioName(rated),
      value: `${numberText(rated.ratio.summary.median)}×`,
      isOurs: rated.standing === 'ahead',
      values: rated.ratio.values,
      summary: rated.ratio.summary,
      marks: boundsOf(rated.ratio),
    })),
  });
}
