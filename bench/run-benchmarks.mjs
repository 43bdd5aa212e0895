/**
 * Runs benchmarks one after another; what was measured is written after each, so that
 * none is lost when another fails.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { benchmarks } from './benchmarks.mjs';
import { browserRecord } from './browser-record.mjs';
import { browserNames } from './browsers.mjs';
import { machineRecord, versionsRecord } from './machine-record.mjs';
import { makeMaterial } from './material.mjs';
import { reportPage } from './report/report-page.mjs';

/** @typedef {import('./bench-context.ts').BenchContext} BenchContext */
/** @typedef {import('./report-format.ts').BenchReport} BenchReport */
/** @typedef {import('./report-format.ts').BenchResult} BenchResult */
/** @typedef {import('./report-format.ts').BrowserRecord} BrowserRecord */

/**
 * @typedef {object} RunOptions
 * @property {readonly string[]} names of {@link benchmarks}
 * @property {BenchContext['mode']} mode
 * @property {string} command as the user gave it, for the report
 * @property {{ clip?: string | undefined, model?: string | undefined }} given absolute paths
 * @property {string | undefined} network the only one that backends are compared on
 * @property {number | undefined} rounds instead of each benchmark's own
 * @property {number} seconds length of clips
 * @property {string} json file for the report; the page lies beside it
 * @property {(line: string) => void} log
 */

/**
 * @param {RunOptions} options
 * @returns {Promise<{ report: BenchReport, page: string, failed: string[] }>} what
 * failed is named in the report too
 */
export async function runBenchmarks({ names, mode, command, given, network, rounds, seconds, json, log }) {
  const folder = await mkdtemp(join(tmpdir(), 'ffmpeg-dnn-bench-'));
  const page = json.replace(/(\.json)?$/, '.html');
  const machine = machineRecord();
  log(`${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, load ${machine.load}`);
  if (machine.load > 0.5)
    log('Other programs are running: the figures mean little until the load is near 0.');
  /** @type {string[]} */
  const failed = [];
  try {
    /** @type {BrowserRecord[]} */
    const browsers = [];
    for (const name of browserNames) browsers.push(await browserRecord(folder, name));
    for (const { name, version, absent } of browsers) log(`${name} ${version ?? absent ?? ''}`);
    /** @type {BenchReport} */
    let report = {
      schema: 1,
      made: new Date().toISOString(),
      quick: mode !== 'full',
      command,
      machine,
      versions: await versionsRecord(),
      browsers,
      results: [],
    };
    await mkdir(dirname(json), { recursive: true });
    const material = await makeMaterial(folder, given);
    for (const name of names) {
      for (const browser of browsersFor(name, browsers)) {
        const benchmark = /** @type {import('./benchmarks.mjs').Benchmark} */ (benchmarks[name]);
        const context = {
          ...{ material, folder, seconds, mode, network, browser, log },
          rounds: rounds ?? benchmark.rounds[mode],
        };
        log(`\n== ${name} in ${browser}, ${context.rounds} rounds ==`);
        const result = await measured(name, context, await benchmark.load());
        if (result.failure !== undefined) failed.push(`${name} in ${browser}: ${result.failure}`);
        report = { ...report, results: [...report.results, result.result] };
        log(`${name}: ${result.result.seconds.toFixed(0)} s`);
        await writeFile(json, `${JSON.stringify(report, undefined, 1)}\n`);
        await writeFile(page, reportPage(report));
      }
    }
    return { report, page, failed };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Chromium, and those of the others that are installed where the benchmark runs in any.
 *
 * @param {string} name
 * @param {readonly BrowserRecord[]} browsers
 */
function browsersFor(name, browsers) {
  const others = benchmarks[name]?.anyBrowser === true ? browsers.slice(1) : [];
  return [
    'chromium',
    ...others.filter(({ absent }) => absent === undefined).map((browser) => browser.name),
  ].map((browser) => /** @type {BenchContext['browser']} */ (browser));
}

/**
 * A benchmark that fails leaves its reason in the report, and the next one runs.
 *
 * @param {string} name
 * @param {BenchContext} context
 * @param {(context: BenchContext) => Promise<BenchResult>} benchmark
 * @returns {Promise<{ result: BenchResult, failure?: string }>}
 */
async function measured(name, context, benchmark) {
  const started = performance.now();
  try {
    return { result: await benchmark(context) };
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    context.log(`failed: ${failure}`);
    const result = {
      ...{ name, title: `${name}: failed`, browser: context.browser, notes: [`It failed: ${failure}`] },
      seconds: (performance.now() - started) / 1000,
      ...{ series: [], ratios: [], fits: [], timelines: [], roofline: [] },
    };
    return { result, failure };
  }
}
