/** Whether every benchmark works; what it measures in one round means nothing. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { benchmarks } from '../bench/benchmarks.mjs';
import type { BenchReport } from '../bench/report-format.ts';
import { expect, test } from './page-test.ts';

test('each benchmark measures something in its smallest form', async () => {
  // All of them start a browser of their own, some of them one for each job.
  test.setTimeout(900_000);
  const json = test.info().outputPath('bench.json');
  await promisify(execFile)(process.execPath, ['scripts/bench.mjs', '--smoke', '--json', json], {
    maxBuffer: 2 ** 26,
  });
  const report = JSON.parse(readFileSync(json, 'utf8')) as BenchReport;
  expect(report.results.map(({ name }) => name)).toEqual(Object.keys(benchmarks));
  expect(report.browsers.map(({ name }) => name)).toEqual(['chromium', 'firefox', 'webkit']);
  for (const { name, series, ratios, fits } of report.results) {
    const measured = series.filter(({ absent }) => absent === undefined);
    expect(measured.length, name).toBeGreaterThan(0);
    for (const { id, values, summary } of [...measured, ...ratios]) {
      expect(id).toMatch(new RegExp(`^${name}/[^ ]+$`));
      expect(values.length, id).toBeGreaterThan(0);
      expect(values.every(Number.isFinite), id).toBe(true);
      expect(summary?.n, id).toBe(values.length);
    }
    for (const { id, absent } of series.filter((row) => row.absent !== undefined))
      expect(absent, id).not.toBe('');
    for (const { id, slope, r2 } of fits)
      expect([id, Number.isFinite(slope), Number.isFinite(r2)]).toEqual([id, true, true]);
    const ids = [...series, ...ratios, ...fits].map(({ id }) => id);
    expect(new Set(ids).size, `${name}: ids are unique`).toBe(ids.length);
  }
  const page = readFileSync(json.replace(/json$/, 'html'), 'utf8');
  for (const { title } of report.results) expect(page).toContain(title);
});
