/** What ratios and rows say: who is ahead, and whether what was asked is reached. */

/** @typedef {import('../report-format.ts').Ratio} Ratio */
/** @typedef {import('../report-format.ts').Series} Series */
/** @typedef {import('../report-format.ts').BenchReport} BenchReport */

/**
 * @typedef {object} RatedRatio
 * @property {Ratio} ratio
 * @property {string} browser
 * @property {string | undefined} peer against whom; undefined where the other side is this project's own
 * @property {'ahead' | 'even' | 'behind'} standing
 * @property {boolean | undefined} required whether it is reached; undefined where nothing is asked
 * @property {boolean | undefined} goal likewise
 */

/**
 * @typedef {object} RatedSeries
 * @property {Series} series of which something is asked
 * @property {import('../report-format.ts').Summary} summary its own
 * @property {string} browser
 * @property {boolean | undefined} required whether it is reached; undefined where nothing is asked
 * @property {boolean | undefined} goal likewise
 */

/**
 * @param {number} median
 * @param {number | undefined} bound
 * @param {Series['better']} better
 * @returns {boolean | undefined} undefined where there is no bound
 */
function isReached(median, bound, better) {
  if (bound === undefined) return undefined;
  return better === 'higher' ? median >= bound : median <= bound;
}

/**
 * Even means that the rounds do not agree who is ahead.
 *
 * @param {Ratio} ratio
 * @returns {RatedRatio['standing']}
 */
function standingOf({ summary: { median, p10, p90 } }) {
  if (p10 < 1 && p90 > 1) return 'even';
  return median > 1 ? 'ahead' : median < 1 ? 'behind' : 'even';
}

/**
 * Rows say by a parameter what they ran on.
 *
 * @param {Series} series
 * @returns {boolean} whether this project made its values
 */
export function isOurs({ params }) {
  const { backend, contestant } = params;
  if (backend !== undefined) return /^native(-|$)/.test(String(backend));
  return contestant === undefined || contestant === 'ours';
}

/**
 * @param {Ratio} ratio
 * @param {ReadonlyMap<string, Series>} series by id
 */
function peerOf({ theirs, against }, series) {
  if (against === 'own') return undefined;
  const row = series.get(theirs);
  return String(row?.params['backend'] ?? row?.params['contestant'] ?? row?.label ?? theirs);
}

/**
 * @param {BenchReport} report
 * @returns {RatedRatio[]} best to worst
 */
export function ratedRatios({ results }) {
  return results
    .flatMap(({ ratios, series, browser }) => {
      const rows = new Map(series.map((one) => [one.id, one]));
      return ratios.map((ratio) => ({
        ratio,
        browser,
        peer: peerOf(ratio, rows),
        standing: standingOf(ratio),
        required: isReached(ratio.summary.median, ratio.required, 'higher'),
        goal: isReached(ratio.summary.median, ratio.goal, 'higher'),
      }));
    })
    .sort((a, b) => b.ratio.summary.median - a.ratio.summary.median);
}

/**
 * @param {BenchReport} report
 * @returns {RatedSeries[]} in the order measured
 */
export function ratedSeries({ results }) {
  return results.flatMap(({ series, browser }) =>
    series.flatMap((one) => {
      const { summary, required, goal, better } = one;
      if (summary === undefined || (required === undefined && goal === undefined)) return [];
      const reached = (/** @type {number | undefined} */ bound) => isReached(summary.median, bound, better);
      return [{ series: one, summary, browser, required: reached(required), goal: reached(goal) }];
    }),
  );
}
