/**
 * Compiles wasm/assembly and wasm/pixels to wasm/build/simd.wasm and relaxed.wasm when they are
 * missing or older than their sources.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './with-lock.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const build = join(root, 'wasm', 'build');

/** The two builds of the same sources; `f32x4.relaxed_madd` is the only difference. */
const builds = [
  { file: 'simd.wasm', features: ['simd'] },
  { file: 'relaxed.wasm', features: ['simd', 'relaxed-simd'] },
];

/** Absolute paths of the two builds, for tests in Node. */
export const kernelFiles = Object.fromEntries(builds.map(({ file }) => [file, join(build, file)]));

function isStale() {
  const folders = ['assembly', 'pixels'].map((name) => join(root, 'wasm', name));
  const sources = [
    fileURLToPath(import.meta.url),
    ...folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name))),
  ];
  const newest = Math.max(...sources.map((path) => statSync(path).mtimeMs));
  return Object.values(kernelFiles).some((path) => !existsSync(path) || statSync(path).mtimeMs < newest);
}

/** @param {{ file: string, features: readonly string[] }} build @param {string} temporary */
function compile({ file, features }, temporary) {
  // Run as a program: its type declarations would add AssemblyScript's globals to this project's.
  const asc = join(root, 'node_modules', 'assemblyscript', 'bin', 'asc.js');
  const args = [
    join('wasm', 'assembly', 'index.ts'),
    ...['--baseDir', root, '--outFile', temporary, '--runtime', 'stub', '--noAssert'],
    ...['--disableWarning', '112'], // the functions that pass vectors are called from inside the module only
    ...['-O3', '--converge', '--lowMemoryLimit', '0', '--maximumMemory', '65536'],
    ...features.flatMap((feature) => ['--enable', feature]),
  ];
  const done = spawnSync(process.execPath, [asc, ...args], { cwd: root, stdio: ['ignore', 2, 2] });
  if (done.status !== 0) throw new Error(`${file} was not built: see above.`);
}

/** Messages go to stderr only; safe when two start at once. */
export async function buildKernels() {
  if (!isStale()) return;
  await withLock(() => {
    if (!isStale()) return;
    process.stderr.write('Building kernels …\n');
    mkdirSync(build, { recursive: true });
    for (const item of builds) {
      const temporary = join('wasm', 'build', `${item.file}.${process.pid}`);
      compile(item, temporary);
      renameSync(join(root, temporary), join(build, item.file));
    }
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildKernels();
