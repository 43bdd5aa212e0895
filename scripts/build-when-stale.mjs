/**
 * Builds page, command line and library when they are missing or older than their
 * sources; safe when two start at once.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildKernels } from './build-kernels.mjs';
import { withLock } from './with-lock.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const stamp = join(dist, '.built');

/** What goes into the build: folders are read whole. */
const sources = [
  'src',
  'public',
  'scripts',
  'wasm/assembly',
  'wasm/pixels',
  'index.html',
  'headless.html',
  'e2e',
  'vite.config.ts',
  'vite.cli.config.ts',
  'package.json',
  'package-lock.json',
];

/**
 * The time of the newest file below a path, in milliseconds.
 *
 * @param {string} path
 * @returns {number}
 */
function newest(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path).reduce((time, name) => Math.max(time, newest(join(path, name))), stat.mtimeMs);
}

function isStale() {
  if (!existsSync(stamp)) return true;
  const built = statSync(stamp).mtimeMs;
  return sources.some((name) => newest(join(root, name)) > built);
}

/** @param {readonly string[]} args */
function vite(args) {
  const bin = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const done = spawnSync(process.execPath, [bin, ...args], { cwd: root, stdio: ['ignore', 2, 2] });
  if (done.status !== 0) throw new Error(`vite ${args.join(' ')} failed: see above.`);
}

/** Messages go to stderr only: stdout belongs to the data of whoever calls. */
export async function buildWhenStale() {
  if (!isStale()) return;
  await buildKernels();
  await withLock(async () => {
    if (!isStale()) return;
    process.stderr.write('Building …\n');
    const started = new Date();
    vite(['build', '--logLevel', 'warn']);
    vite(['build', '--config', 'vite.cli.config.ts', '--logLevel', 'warn']);
    // Its packages are there only once set-up has run.
    const { buildLibrary } = await import('./build-library.mjs');
    await buildLibrary(join(dist, 'lib'));
    mkdirSync(dist, { recursive: true });
    writeFileSync(stamp, '');
    // A source that was edited during the build is newer than what was built.
    utimesSync(stamp, started, started);
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildWhenStale();
