/**
 * `npm run conformance`: FFmpeg's DNN filters row by row against stock ffmpeg.wasm's own, as a table here and
 * as the page reports/conformance.html.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { buildWhenStale } from './build-when-stale.mjs';
import { conformancePage } from './conformance-page.mjs';
import { differenceText, shareText, tableOf } from './conformance-table.mjs';
import { setUp } from './setup.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'reports', 'conformance');
const page = join(root, 'reports', 'conformance.html');

/** @returns {Record<string, import('./conformance-table.mjs').Result[]>} results by group */
function readGroups() {
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name !== 'coverage.json') : [];
  return Object.fromEntries(
    files.map((name) => [name.replace(/\.json$/, ''), JSON.parse(readFileSync(join(folder, name), 'utf8'))]),
  );
}

/** @param {readonly (readonly string[])[]} rows the first has the titles */
function print(rows) {
  const widths =
    rows[0]?.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length))) ?? [];
  for (const row of rows) {
    console.log(
      row
        .map((cell, column) =>
          column < 4 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    );
  }
}

await setUp({ browser: true });
await buildWhenStale();
rmSync(folder, { recursive: true, force: true });
const bin = join(root, 'node_modules', 'playwright', 'cli.js');
const words = [
  'test',
  '--project=preview',
  'e2e/conformance.spec.ts',
  '--reporter=line',
  ...process.argv.slice(2),
];
const { status } = spawnSync(process.execPath, [bin, ...words], { cwd: root, stdio: 'inherit' });
const groups = readGroups();
const table = tableOf(Object.values(groups).flat());
print([
  ['filter', 'format', 'backend', 'compared with', 'cases', 'failed', 'identical', 'largest'],
  ...table.map((line) => [
    line.filter,
    line.format,
    line.backend,
    line.reference,
    String(line.cases),
    String(line.failed),
    shareText(line),
    differenceText(line),
  ]),
]);
const coverageFile = join(folder, 'coverage.json');
if (existsSync(coverageFile)) {
  const coverage = JSON.parse(readFileSync(coverageFile, 'utf8'));
  const { rows, explained, missing } = coverage;
  const reasons = Object.entries(explained);
  console.log(
    `\n${rows.length - missing.length - reasons.length} of ${rows.length} rows have a case, ${reasons.length} a reason, ${missing.length} neither`,
  );
  for (const [row, reason] of reasons) console.log(`  ${row}: ${String(reason)}`);
  writeFileSync(page, conformancePage(groups, table, coverage));
  console.log(page);
}
process.exitCode = status ?? 1;
