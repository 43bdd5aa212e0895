/**
 * Runs all checks: formatting, lint, types and docstrings beside the unit tests, then the build and the specs
 * in the browser. Goes on after a failed check, so that one run shows everything; tells how long each took;
 * the last line is the count of tests.
 *
 * The benchmarks' own spec runs where what it is about has changed, and with `--all`.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildWhenStale } from './build-when-stale.mjs';
import { haveChanged } from './changed-since.mjs';
import { slowestSpecFiles, specCount, unitCount } from './test-reports.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const reports = mkdtempSync(join(tmpdir(), 'ffmpeg-dnn-test-'));
const count = { passed: 0, failed: 0, skipped: 0 };

/** Seconds by check. @type {Map<string, number>} */
const seconds = new Map();

/** Of all runs of specs. @type {unknown[]} */
const specReports = [];

/** What the benchmarks' spec is about: they, their packages, and what the library exports. */
const benchPaths = ['bench', 'package.json', 'package-lock.json', 'src/index.ts'];

/**
 * @param {string} title
 * @param {() => Promise<boolean>} work
 */
async function timed(title, work) {
  const started = performance.now();
  const passed = await work();
  seconds.set(title, (performance.now() - started) / 1000);
  return passed;
}

/**
 * Runs a program and shows what it says: at once, or in one piece when it has ended,
 * where another one runs beside it.
 *
 * @param {string} title
 * @param {string} command `node`, or a program of node_modules/.bin
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, beside?: boolean }} [options]
 */
function run(title, command, args, { env = {}, beside = false } = {}) {
  const file = process.platform === 'win32' ? `${command}.cmd` : command;
  const program = command === 'node' ? process.execPath : join(root, 'node_modules', '.bin', file);
  if (!beside) process.stdout.write(`\n== ${title}\n`);
  const stdio = beside ? 'pipe' : 'inherit';
  return timed(title, async () => {
    const child = spawn(program, args, {
      cwd: root,
      stdio: ['inherit', stdio, stdio],
      env: { ...process.env, ...env },
    });
    /** @type {Buffer[]} */
    const said = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => said.push(data));
    const status = await new Promise((resolve) => {
      child.on('error', ({ message }) => said.push(Buffer.from(`${message}\n`)));
      child.on('close', resolve);
    });
    if (beside) process.stdout.write(`\n== ${title}\n`);
    process.stdout.write(Buffer.concat(said));
    return status === 0;
  });
}

/**
 * A check without tests of its own counts only where it fails.
 *
 * @param {boolean} passed
 */
function check(passed) {
  if (!passed) count.failed += 1;
  return passed;
}

/**
 * @param {boolean} exitedWell
 * @param {string} file a JSON report
 * @param {(report: any) => { passed: number, failed: number, skipped: number }} read
 */
function addReport(exitedWell, file, read) {
  let failed = 0;
  try {
    const result = read(JSON.parse(readFileSync(join(reports, file), 'utf8')));
    count.passed += result.passed;
    count.failed += result.failed;
    count.skipped += result.skipped;
    failed = result.failed;
  } catch (error) {
    process.stdout.write(`no report from the runner: ${String(error)}\n`);
  }
  // A runner can fail without a failed test: a file that does not load, a server that does not start.
  if (!exitedWell && failed === 0) count.failed += 1;
}

/** None of these runs the product. */
async function staticChecks() {
  check(await run('format', 'prettier', ['--check', '--log-level', 'warn', '.'], { beside: true }));
  check(await run('lint', 'eslint', ['.'], { beside: true }));
  check(await run('types', 'tsc', ['-b'], { beside: true }));
  const docs = join('scripts', 'api-reference.mjs');
  check(await run('docstrings', 'node', [docs, '--check'], { beside: true }));
}

async function unitTests() {
  const report = '--outputFile.json=' + join(reports, 'vitest.json');
  const exitedWell = await run('unit tests', 'vitest', [
    'run',
    '--reporter=default',
    '--reporter=json',
    report,
  ]);
  addReport(exitedWell, 'vitest.json', unitCount);
}

async function built() {
  process.stdout.write('\n== build\n');
  try {
    await buildWhenStale();
    return true;
  } catch (error) {
    process.stdout.write(`${String(error)}\n`);
    return false;
  }
}

/**
 * @param {string} title
 * @param {readonly string[]} projects of playwright.config.ts
 */
async function specs(title, projects) {
  const file = `${projects.join('-')}.json`;
  const args = ['test', '--reporter=list,json', ...projects.map((project) => `--project=${project}`)];
  const env = { PLAYWRIGHT_JSON_OUTPUT_NAME: join(reports, file) };
  addReport(await run(title, 'playwright', args, { env }), file, (report) => {
    specReports.push(report);
    return specCount(report);
  });
}

await Promise.all([staticChecks(), unitTests()]);
if (check(await timed('build', built))) {
  await specs('specs in the browser', ['dev', 'preview']);
  await specs('specs that measure time', ['alone']);
  if (process.argv.includes('--all') || haveChanged(benchPaths, root)) await specs('benchmarks', ['bench']);
  else
    process.stdout.write(
      '\n== benchmarks: not run, nothing that they are about has changed (npm test -- --all)\n',
    );
}
rmSync(reports, { recursive: true, force: true });

process.stdout.write('\n== seconds\n');
for (const [title, took] of seconds) process.stdout.write(`${took.toFixed(1).padStart(7)} ${title}\n`);
process.stdout.write('\n== seconds of the slowest spec files\n');
for (const { file, took } of slowestSpecFiles(specReports, 15))
  process.stdout.write(`${took.toFixed(1).padStart(7)} ${file}\n`);

const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : '';
process.stdout.write(`\n${count.passed} passed, ${count.failed} failed${skipped}\n`);
process.exitCode = count.failed > 0 ? 1 : 0;
