/** Two reports side by side: what became better or worse by more than the noise. */
import { summarize } from './summarize.mjs';

/** @typedef {import('./report-format.ts').BenchReport} BenchReport */
/** @typedef {import('./report-format.ts').Series} Series */

/**
 * @typedef {object} ComparedSeries
 * @property {string} id with the browser before it
 * @property {string} label
 * @property {string} unit
 * @property {number} before median
 * @property {number} after median
 * @property {number} ratio after by before
 * @property {'better' | 'worse' | 'same'} verdict `same` where the ranges of p10 to p90 overlap
 */

/**
 * @typedef {object} ComparedReports
 * @property {ComparedSeries[]} rows in the order of the first report
 * @property {string[]} onlyBefore ids
 * @property {string[]} onlyAfter ids
 * @property {string[]} differences of machine, browsers and versions, which may be the reason
 */

/**
 * @param {BenchReport} before
 * @param {BenchReport} after
 * @returns {ComparedReports}
 */
export function compareReports(before, after) {
  const [own, other] = [measuredSeries(before), measuredSeries(after)];
  return {
    rows: [...own].flatMap(([id, series]) => {
      const later = other.get(id);
      return later === undefined ? [] : [compareSeries(id, series, later)];
    }),
    onlyBefore: [...own.keys()].filter((id) => !other.has(id)),
    onlyAfter: [...other.keys()].filter((id) => !own.has(id)),
    differences: differencesOf(before, after),
  };
}

/**
 * @param {BenchReport} report
 * @returns {Map<string, Series>} those with values
 */
function measuredSeries({ results }) {
  return new Map(
    results.flatMap(({ browser, series }) =>
      series
        .filter(({ values }) => values.length > 0)
        .map((row) => /** @type {const} */ ([`${browser}/${row.id}`, row])),
    ),
  );
}

/**
 * @param {string} id
 * @param {Series} before
 * @param {Series} after
 * @returns {ComparedSeries}
 */
function compareSeries(id, { label, unit, better, values }, after) {
  const [old, now] = [summarize(values), summarize(after.values)];
  const rises = now.p10 > old.p90;
  const falls = now.p90 < old.p10;
  const verdict = rises === falls ? 'same' : rises === (better === 'higher') ? 'better' : 'worse';
  return {
    ...{ id, label, unit, verdict },
    before: old.median,
    after: now.median,
    ratio: now.median / old.median,
  };
}

/**
 * @param {BenchReport} before
 * @param {BenchReport} after
 * @returns {string[]}
 */
function differencesOf(before, after) {
  const facts = (/** @type {BenchReport} */ { machine, versions, browsers, quick }) => ({
    ...{
      cpu: machine.cpu,
      cores: machine.cores,
      memory: machine.memoryGiB,
      os: machine.os,
      node: machine.node,
    },
    ...Object.fromEntries(browsers.map(({ name, version, absent }) => [name, version ?? absent])),
    ...versions,
    rounds: quick ? 'quick' : 'full',
  });
  const [old, now] = [
    /** @type {Record<string, string | number | undefined>} */ (facts(before)),
    /** @type {Record<string, string | number | undefined>} */ (facts(after)),
  ];
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .filter((name) => old[name] !== now[name])
    .map((name) => `${name}: ${old[name] ?? 'not there'} → ${now[name] ?? 'not there'}`);
}

/**
 * @param {ComparedReports} compared
 * @returns {string[]} lines for a terminal
 */
export function comparisonLines({ rows, onlyBefore, onlyAfter, differences }) {
  const width = Math.max(0, ...rows.map(({ id }) => id.length));
  const digits = (/** @type {number} */ value) => value.toPrecision(4);
  const counts = (/** @type {ComparedSeries['verdict']} */ wanted) =>
    rows.filter(({ verdict }) => verdict === wanted).length;
  return [
    ...differences.map((line) => `differs: ${line}`),
    ...rows.map(
      ({ id, unit, before, after, ratio, verdict }) =>
        `${id.padEnd(width)}  ${digits(before)} → ${digits(after)} ${unit}  x ${ratio.toFixed(3)}  ${verdict}`,
    ),
    ...onlyBefore.map((id) => `only in the first: ${id}`),
    ...onlyAfter.map((id) => `only in the second: ${id}`),
    `${counts('better')} better, ${counts('worse')} worse, ${counts('same')} the same within p10 to p90`,
  ];
}
