/**
 * Runs all checks: formatting, lint, types, docstrings, unit tests, build, specs in the browser. Goes on after a failed check, so
 * that one run shows everything; the last line is the count of tests.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildWhenStale } from './build-when-stale.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const reports = mkdtempSync(join(tmpdir(), 'ffmpeg-dnn-test-'));
const count = { passed: 0, failed: 0, skipped: 0 };

/**
 * @param {string} title
 * @param {string} command `node`, or a program of node_modules/.bin
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
function run(title, command, args, env = {}) {
  process.stdout.write(`\n== ${title}\n`);
  const installed = join(
    root,
    'node_modules',
    '.bin',
    process.platform === 'win32' ? `${command}.cmd` : command,
  );
  const program = command === 'node' ? process.execPath : installed;
  const done = spawnSync(program, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  if (done.error) process.stdout.write(`${done.error.message}\n`);
  return done.status === 0;
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

async function built() {
  try {
    await buildWhenStale();
    return true;
  } catch (error) {
    process.stdout.write(`${String(error)}\n`);
    return false;
  }
}

check(run('format', 'prettier', ['--check', '--log-level', 'warn', '.']));
check(run('lint', 'eslint', ['.']));
check(run('types', 'tsc', ['-b']));
check(run('docstrings', 'node', [join('scripts', 'api-reference.mjs'), '--check']));
addReport(
  run('unit tests', 'vitest', [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${join(reports, 'vitest.json')}`,
  ]),
  'vitest.json',
  (report) => ({
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  }),
);
process.stdout.write('\n== build\n');
if (check(await built())) {
  addReport(
    run('specs in the browser', 'playwright', ['test', '--reporter=list,json'], {
      PLAYWRIGHT_JSON_OUTPUT_NAME: join(reports, 'playwright.json'),
    }),
    'playwright.json',
    ({ stats }) => ({
      passed: stats.expected + stats.flaky,
      failed: stats.unexpected,
      skipped: stats.skipped,
    }),
  );
}
rmSync(reports, { recursive: true, force: true });

const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : '';
process.stdout.write(`\n${count.passed} passed, ${count.failed} failed${skipped}\n`);
process.exitCode = count.failed > 0 ? 1 : 0;
