/**
 * `npm run bench [-- NAME…]`: benchmarks of this project beside others, and a report of them.
 *
 * Each benchmark is `export async function NAME(context: BenchContext): Promise<BenchResult>` in
 * `bench/NAME.mjs` (`bench/bench-context.ts`, `bench/report-format.ts`), and a line in
 * `bench/benchmarks.mjs`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { setUp } from './setup.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** @param {typeof import('../bench/benchmarks.mjs').benchmarks} benchmarks */
function usageOf(benchmarks) {
  const names = Object.entries(benchmarks).map(([name, { about }]) => `  ${name.padEnd(12)}${about}`);
  return `npm run bench [-- NAME…] [options]

${names.join('\n')}

Without a name all of them run. The report is reports/bench.html, its figures reports/bench.json.

  --quick        fewer rounds, shorter clips: all benchmarks within five minutes on two cores
  --smoke        one round of the least there is: whether everything works, never how fast
  --clip FILE    input instead of generated clips; scaled to 360x240 and repeated as needed
  --model FILE   ESPCN as a frozen graph with input x and output y, instead of one with random weights
  --rounds N     rounds of everything, instead of each benchmark's own number (--runs N is the same)
  --seconds N    length of the clip at 25 frames a second (12); some benchmarks have lengths of their own
  --json FILE    where the figures go; the page lies beside them
  --network NET  backends: only that network, such as espcn or anime4k-m
  --profile NET  instead of all that: the time of each layer of a network in the native backend
  --compare A.json B.json   instead of all that: what became better or worse from one report to the other
`;
}

/** @param {string} word a path that starts where the user stands */
function userPath(word) {
  return resolve(process.env['INIT_CWD'] ?? process.cwd(), word);
}

/** @param {string} word */
function existing(word) {
  const path = userPath(word);
  if (!existsSync(path)) throw new Error(`${path} does not exist.`);
  return path;
}

/** @param {string} line */
function print(line) {
  console.log(line);
}

/** @param {string} name @param {string} word */
function positive(name, word) {
  const value = Number(word);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`--${name}=${word}: a whole number above 0 is expected.`);
}

/** @param {readonly string[]} files */
async function compare([before, after, ...more]) {
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error('--compare takes two reports: --compare A.json B.json');
  const { compareReports, comparisonLines } = await import('../bench/compare-reports.mjs');
  const read = (/** @type {string} */ file) => {
    /** @type {import('../bench/report-format.ts').BenchReport} */
    const report = JSON.parse(readFileSync(existing(file), 'utf8'));
    if (/** @type {number} */ (report.schema) === 1) return report;
    throw new Error(`${file} is no report of this benchmark: its "schema" is not 1.`);
  };
  for (const line of comparisonLines(compareReports(read(before), read(after)))) console.log(line);
}

async function bench() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      clip: { type: 'string' },
      compare: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
      json: { type: 'string' },
      model: { type: 'string' },
      network: { type: 'string' },
      profile: { type: 'string' },
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      runs: { type: 'string' },
      seconds: { type: 'string', default: '12' },
      smoke: { type: 'boolean', default: false },
    },
  });
  if (values.compare) return compare(positionals);
  await setUp();
  const { benchmarks } = await import('../bench/benchmarks.mjs');
  if (values.help) return console.log(usageOf(benchmarks));
  const wrong = positionals.find((name) => !(name in benchmarks));
  if (wrong !== undefined)
    throw new Error(`there is no benchmark '${wrong}'.\n${usageOf(benchmarks)}`.trim());
  if (values.profile !== undefined) {
    const { layerProfile } = await import('../bench/layer-profile.mjs');
    const folder = await mkdtemp(join(tmpdir(), 'ffmpeg-dnn-bench-'));
    try {
      return await layerProfile({ folder, log: print }, values.profile);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  if (values.network !== undefined) {
    // Of the backends' benchmark alone: a name with a typing error must not cost an hour first.
    (await import('../bench/comparisons.mjs')).comparisonOf(values.network);
  }
  const names = positionals.length > 0 ? positionals : Object.keys(benchmarks);
  if (names.some((name) => benchmarks[name]?.needsProduct === true))
    await (await import('./build-when-stale.mjs')).buildWhenStale();
  const words = values.rounds ?? values.runs;
  const started = performance.now();
  const { runBenchmarks } = await import('../bench/run-benchmarks.mjs');
  const { page, failed } = await runBenchmarks({
    names,
    mode: values.smoke ? 'smoke' : values.quick ? 'quick' : 'full',
    command: ['npm run bench', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(
      ' ',
    ),
    given: {
      clip: values.clip === undefined ? undefined : existing(values.clip),
      model: values.model === undefined ? undefined : existing(values.model),
    },
    network: values.network,
    rounds: words === undefined ? undefined : positive('rounds', words),
    seconds: positive('seconds', values.seconds),
    json: values.json === undefined ? join(root, 'reports', 'bench.json') : userPath(values.json),
    log: print,
  });
  console.log(`\n${page}, made in ${((performance.now() - started) / 1000).toFixed(0)} s`);
  if (failed.length > 0) throw new Error(`not everything was measured:\n${failed.join('\n')}`);
}

try {
  await bench();
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
