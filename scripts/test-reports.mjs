/** Reads the JSON reports of the test runners: vitest's and Playwright's. */

/** @typedef {{ passed: number, failed: number, skipped: number }} TestCount */

/**
 * @typedef {object} Suite
 * @property {string} file
 * @property {readonly Suite[]} [suites]
 * @property {readonly { tests: readonly { results: readonly { duration: number }[] }[] }[]} [specs]
 */

/** @param {any} report of vitest @returns {TestCount} */
export function unitCount(report) {
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** @param {any} report of Playwright @returns {TestCount} */
export function specCount({ stats }) {
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped };
}

/**
 * @param {Suite} suite
 * @returns {number} seconds of all its tests, in every project
 */
function secondsOf({ suites = [], specs = [] }) {
  const own = specs.flatMap(({ tests }) => tests.flatMap(({ results }) => results));
  const milliseconds = own.reduce((sum, { duration }) => sum + duration, 0);
  return suites.reduce((sum, suite) => sum + secondsOf(suite), milliseconds / 1000);
}

/**
 * @param {readonly any[]} reports of Playwright
 * @param {number} most
 * @returns {readonly { file: string, took: number }[]} the slowest first; seconds
 */
export function slowestSpecFiles(reports, most) {
  /** @type {Map<string, number>} */
  const files = new Map();
  for (const suite of /** @type {readonly Suite[]} */ (reports.flatMap(({ suites }) => suites)))
    files.set(suite.file, (files.get(suite.file) ?? 0) + secondsOf(suite));
  return [...files]
    .map(([file, took]) => ({ file, took }))
    .sort((a, b) => b.took - a.took)
    .slice(0, most);
}
