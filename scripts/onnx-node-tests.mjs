/**
 * ONNX's own node tests on the native backend, test by test, as a table. They are no part of this repository:
 * Debian has them as libonnx-testdata, others in ONNX's sources (onnx/backend/test/data/node).
 *
 * `node scripts/onnx-node-tests.mjs [--data FOLDER] [--json FILE] [PATTERN]`
 */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runnerImport } from 'vite';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string', default: '/usr/share/libonnx-testdata/data/node' },
    json: { type: 'string' },
  },
});

if (!existsSync(values.data)) {
  console.error(`no folder ${values.data}: install libonnx-testdata, or name the tests' folder by --data`);
  process.exit(2);
}
const wanted = new RegExp(positionals[0] ?? '');
const names = readdirSync(values.data).filter((name) => wanted.test(name));
const { module } = /** @type {{ module: typeof import('./onnx-node-tests/run-node-test.ts') }} */ (
  await runnerImport(join(root, 'scripts', 'onnx-node-tests', 'run-node-test.ts'), {
    root,
    configFile: false,
    logLevel: 'error',
  })
);
/** @type {import('./onnx-node-tests/run-node-test.ts').NodeTestResult[]} */
const results = [];
for (const name of names) {
  const result = await module.runNodeTest(name, join(values.data, name));
  results.push(result);
  console.log([result.ran.padEnd(9), result.passed ? 'passed' : 'failed', name, result.says].join('  '));
}
const count = (/** @type {(result: (typeof results)[number]) => boolean} */ test) =>
  results.filter(test).length;
console.log(
  `${results.length} tests: ${count(({ passed }) => passed)} passed, ${count(({ ran, passed }) => ran !== 'refused' && !passed)} failed, ` +
    `${count(({ ran }) => ran === 'refused')} refused`,
);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, undefined, 1)}\n`);
